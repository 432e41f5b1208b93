// The files of a unit, page by page, and a new one: node dist/relay.mjs ADDRESS UNIT PLAN_UNIT
import { commitMutation, createOperationDescriptor, fetchQuery, getRequest, graphql, readInlineData } from "relay-runtime";
import type { filesLine_file$key } from "./__generated__/filesLine_file.graphql";
import type { filesOpenMutation } from "./__generated__/filesOpenMutation.graphql";
import type { filesPageQuery } from "./__generated__/filesPageQuery.graphql";
import { environment } from "./environment";

const PAGE = graphql`
  query filesPageQuery($unit: String!, $count: Int!, $after: String) {
    files(first: $count, after: $after, filter: { leadUnit: { eq: $unit } }, orderBy: [{ by: REFERENCE }])
      @connection(key: "Files_files", filters: ["filter"]) {
      edges {
        node {
          ...filesLine_file
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`;

const LINE = graphql`
  fragment filesLine_file on File @inline {
    reference
    subject {
      text
      erased
    }
  }
`;

const OPEN = graphql`
  mutation filesOpenMutation($input: OpenFileInput!) {
    openFile(input: $input) {
      __typename
      ... on CommandSuccess {
        record {
          file {
            ...filesLine_file
          }
        }
      }
      ... on Problem {
        message
      }
      ... on RuleViolated {
        rule
      }
    }
  }
`;

const [address, unit, planUnitId] = process.argv.slice(2);
const relay = environment(address, process.env.TOKEN ? { Authorization: `Bearer ${process.env.TOKEN}` } : {});

function line(file: filesLine_file$key): string {
  const { reference, subject } = readInlineData<filesLine_file$key>(LINE, file);
  return `${reference}: ${subject.erased ? "(gelöscht)" : subject.text}`;
}

// Every page goes into the one connection of the store; a component would read it with usePaginationFragment.
const everything = createOperationDescriptor(getRequest(PAGE), { unit, count: 2 });
relay.retain(everything);
let after: string | null | undefined = null;
let pages = 0;
do {
  const page = await fetchQuery<filesPageQuery>(relay, PAGE, { unit, count: 2, after }).toPromise();
  after = page?.files.pageInfo.hasNextPage ? page.files.pageInfo.endCursor : null;
  pages += 1;
} while (after);
const stored = relay.lookup(everything.fragment).data as unknown as filesPageQuery["response"];
console.log(`${pages} pages`);
for (const { node } of stored.files.edges) console.log(line(node));

const input = {
  idempotencyKey: crypto.randomUUID(), // one for each intention: made when the form opens
  reference: `${unit}-neu`,
  subject: "Bebauungsplan Hafen",
  planUnitId,
  leadUnit: unit,
  custodianUnit: unit,
};
const opened = await new Promise<filesOpenMutation["response"]["openFile"]>((resolve, reject) =>
  commitMutation<filesOpenMutation>(relay, {
    mutation: OPEN,
    variables: { input },
    onCompleted: (response) => resolve(response.openFile),
    onError: reject,
  }),
);
if (opened.__typename === "CommandSuccess" && opened.record?.file) console.log(`neu: ${line(opened.record.file)}`);
else if (opened.__typename === "RuleViolated") console.log(`${opened.rule}: ${opened.message}`);
else console.log(JSON.stringify(opened));
