// The same with urql: node dist/urql.mjs ADDRESS UNIT RECORD
import { Client, fetchExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { FILES, TRANSFER } from "./queries";

const [address, unit, record] = process.argv.slice(2);
const headers: Record<string, string> = process.env.TOKEN ? { Authorization: `Bearer ${process.env.TOKEN}` } : {};
const urql = new Client({
  url: address,
  preferGetMethod: false, // the API answers POST
  fetchOptions: { headers },
  exchanges: [
    persistedExchange({
      enforcePersistedQueries: true,
      enableForMutation: true,
      preferGetForPersistedQueries: false,
      generateHash: async (_, document) => (document as unknown as { __meta__: { hash: string } }).__meta__.hash,
    }),
    fetchExchange,
  ],
});

let after: string | null = null;
do {
  const { data, error } = await urql.query(FILES, { unit, after }).toPromise();
  if (error) throw error;
  for (const file of data?.files.nodes ?? []) console.log(`${file.reference}: ${file.status}`);
  after = data?.files.pageInfo.hasNextPage ? (data.files.pageInfo.endCursor ?? null) : null;
} while (after);

const input = {
  record,
  idempotencyKey: crypto.randomUUID(),
  expectedVersion: "99", // the version that the person saw
  newLeadUnit: "10",
  reason: "Zuständigkeit geändert",
};
const { data, error } = await urql.mutation(TRANSFER, { input }).toPromise();
if (error) throw error;
const done = data?.transferFileLeadUnit;
if (done?.__typename === "VersionConflict") console.log(`conflict: ${done.actual} is there, not ${done.expected}`);
else console.log(JSON.stringify(done));
