// Copyright: (c) 2026, identity.scim contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// node server.mjs PORT TOKEN: Better Auth with one SCIM connection. libsql has SQLite built, where better-sqlite3 compiles it for minutes.
import { createServer } from "node:http";
import { scim } from "@better-auth/scim";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { SqliteDialect } from "kysely";
import Database from "libsql";

const [port, token] = process.argv.slice(2);
const auth = betterAuth({
  baseURL: `http://127.0.0.1:${port}`,
  secret: token,
  telemetry: { enabled: false },
  database: { dialect: new SqliteDialect({ database: new Database(":memory:") }), type: "sqlite", transaction: true },
  plugins: [scim({ connections: [{ id: "interop", credentials: [{ type: "bearer", id: "interop", token }] }] })],
});
await (await getMigrations(auth.options)).runMigrations();
createServer(toNodeHandler(auth)).listen(Number(port), "127.0.0.1");
