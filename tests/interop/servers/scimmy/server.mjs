// Copyright: (c) 2026, identity.scim contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// node server.mjs PORT TOKEN: users and groups as SCIMMY gives them, kept in two maps, with the enterprise extension.
import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const [port, token] = process.argv.slice(2);
const { Group, User } = SCIMMY.Resources;

function declare(type, unique) {
  const kept = new Map();
  const find = ({ id }) => {
    if (!kept.has(id)) throw new SCIMMY.Types.Error(404, null, `${id} does not exist`);
    return kept.get(id);
  };
  SCIMMY.Resources.declare(type, {
    egress: (resource) => {
      if (resource.id) return find(resource);
      const all = [...kept.values()];
      return resource.filter ? resource.filter.match(all) : all;
    },
    ingress: (resource, data) => {
      const before = resource.id ? find(resource) : { id: randomUUID(), meta: { created: new Date() } };
      const body = JSON.parse(JSON.stringify(data));
      const taken = [...kept.values()].some((one) => one.id !== before.id && one[unique]?.toLowerCase() === body[unique]?.toLowerCase());
      if (taken) throw new SCIMMY.Types.Error(409, "uniqueness", `${unique} "${body[unique]}" is taken`);
      const after = { ...body, id: before.id, meta: { created: before.meta.created, lastModified: new Date() } };
      kept.set(after.id, after);
      return after;
    },
    degress: (resource) => {
      find(resource);
      kept.delete(resource.id);
    },
  });
}

User.extend(SCIMMY.Schemas.EnterpriseUser, false);
declare(User, "userName");
declare(Group, "displayName");
const authenticate = (request) => {
  if (request.header("Authorization") !== `Bearer ${token}`) throw new Error("the token is missing or wrong");
};
express()
  .use("/scim/v2", new SCIMMYRouters({ type: "bearer", handler: authenticate }))
  .listen(Number(port), "127.0.0.1");
