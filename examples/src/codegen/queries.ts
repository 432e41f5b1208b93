// What the Apollo and urql examples ask; graphql-codegen makes types of it, and a manifest of hashes.
import { graphql } from "./generated";

export const FILES = graphql(`
  query CodegenFiles($unit: String!, $after: String) {
    files(first: 2, after: $after, filter: { leadUnit: { eq: $unit } }, orderBy: [{ by: REFERENCE }]) {
      nodes {
        reference
        openedOn
        status
      }
      pageInfo {
        endCursor
        hasNextPage
      }
      asOfPosition
    }
  }
`);

export const TRANSFER = graphql(`
  mutation CodegenTransfer($input: TransferFileLeadUnitInput!) {
    transferFileLeadUnit(input: $input) {
      __typename
      ... on CommandSuccess {
        version
        position
      }
      ... on Problem {
        message
      }
      ... on VersionConflict {
        expected
        actual
      }
    }
  }
`);
