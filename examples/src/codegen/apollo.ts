// The files of a unit with Apollo Client, and a version conflict: node dist/apollo.mjs ADDRESS UNIT RECORD
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import type { CodegenFilesQuery } from "./generated/graphql";
import { FILES, TRANSFER } from "./queries";

const [address, unit, record] = process.argv.slice(2);
const headers = process.env.TOKEN ? { Authorization: `Bearer ${process.env.TOKEN}` } : undefined;
const hashes = new PersistedQueryLink({
  generateHash: (document) => (document as unknown as { __meta__: { hash: string } }).__meta__.hash,
  retry: () => false, // what is not registered is a mistake of the build, not something to send in full
});
const apollo = new ApolloClient({
  link: ApolloLink.from([hashes, new HttpLink({ uri: address, headers })]),
  cache: new InMemoryCache(),
});

let after: string | null = null;
do {
  const page: ApolloClient.QueryResult<CodegenFilesQuery> = await apollo.query({ query: FILES, variables: { unit, after } });
  for (const file of page.data?.files.nodes ?? []) console.log(`${file.reference}: ${file.status}`);
  after = page.data?.files.pageInfo.hasNextPage ? (page.data.files.pageInfo.endCursor ?? null) : null;
} while (after);

const input = {
  record,
  idempotencyKey: crypto.randomUUID(),
  expectedVersion: "99", // the version that the person saw
  newLeadUnit: "10",
  reason: "Zuständigkeit geändert",
};
const { data } = await apollo.mutate({ mutation: TRANSFER, variables: { input } });
const done = data?.transferFileLeadUnit;
if (done?.__typename === "VersionConflict") console.log(`conflict: ${done.actual} is there, not ${done.expected}`);
else console.log(JSON.stringify(done));
