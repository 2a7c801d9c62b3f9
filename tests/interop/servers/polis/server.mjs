// Copyright: (c) 2026, identity.scim contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// node server.mjs PORT TOKEN: the directory sync of Ory Polis with its memory store. Its own web application does no more with a request.
import { createServer } from "node:http";
import { controllers } from "@boxyhq/saml-jackson";

const [port, token] = process.argv.slice(2);
const origin = `http://127.0.0.1:${port}`;
const { directorySyncController: polis } = await controllers({
  externalUrl: origin,
  samlPath: "/api/oauth/saml",
  scimPath: "/api/scim/v2.0",
  db: { engine: "mem" },
  noAnalytics: true,
});
const { data: directory, error } = await polis.directories.create({
  name: "interop",
  tenant: "interop",
  product: "interop",
  type: "generic-scim-v2",
});
if (error) throw new Error(error.message);

// SCIM never shows a member: /Store/GROUP asks Polis itself, for the tests.
async function membersOf(group) {
  for (const kind of [polis.users, polis.groups]) kind.setTenantAndProduct("interop", "interop");
  const { data: users } = await polis.users.getAll({ directoryId: directory.id });
  const present = await Promise.all(users.map((user) => polis.groups.isUserInGroup(group, user.id)));
  return { status: 200, data: { members: users.filter((_, index) => present[index]).map((user) => ({ value: user.id })) } };
}

createServer(async (request, response) => {
  const url = new URL(request.url, origin);
  const [resourceType = "", resourceId] = url.pathname.replace(/^\/api\/scim\/v2\.0\/interop\/?/, "").split("/").map(decodeURIComponent);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const number = (name) => (url.searchParams.has(name) ? Number(url.searchParams.get(name)) : undefined);
  const handle = () =>
    polis.requests.handle({
      method: request.method,
      body: text ? JSON.parse(text) : undefined,
      directoryId: directory.id,
      resourceType,
      resourceId,
      apiSecret: request.headers.authorization === `Bearer ${token}` ? directory.scim.secret : null,
      query: { count: number("count"), startIndex: number("startIndex"), filter: url.searchParams.get("filter") ?? undefined },
    });
  const answer = resourceType === "Store" ? membersOf(resourceId) : handle();
  const { status, data } = await answer.catch((reason) => ({ status: 500, data: { error: { message: String(reason) } } }));
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(data ?? {}));
}).listen(Number(port), "127.0.0.1");
