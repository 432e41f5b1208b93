"""The server, held against the audits of the specification GraphQL over HTTP."""
