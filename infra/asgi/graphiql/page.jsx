// The GraphiQL page: the query in the address, or the example in the page; a query in the address is run at once.
import { parse } from "graphql";
import { GraphiQL } from "graphiql";
import { createElement, useEffect } from "react";
import { createRoot } from "react-dom/client";
import "graphiql/graphiql.css";

const place = document.getElementById("graphiql");
const address = new URLSearchParams(window.location.search);
const asked = address.get("query");

async function ask(parameters, options) {
  const answer = await fetch(place.dataset.endpoint, {
    method: "POST",
    headers: { ...options?.headers, "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(parameters),
  });
  return answer.json();
}

// A link may show an answer; it must never change anything, so that a mutation waits for the button.
function onlyReads(text) {
  try {
    return parse(text).definitions.every((part) => part.kind !== "OperationDefinition" || part.operation === "query");
  } catch {
    return false;
  }
}

function Page() {
  useEffect(() => {
    if (asked && onlyReads(asked)) {
      const ready = setInterval(() => {
        const run = document.querySelector(".graphiql-execute-button");
        if (run && document.querySelector(".graphiql-query-editor .CodeMirror")) {
          clearInterval(ready);
          run.click();
        }
      }, 50);
    }
  }, []);
  return createElement(GraphiQL, {
    fetcher: ask,
    query: asked ?? undefined,
    variables: address.get("variables") ?? undefined,
    defaultQuery: place.dataset.example,
    defaultEditorToolsVisibility: "headers",
    shouldPersistHeaders: false,
  });
}

createRoot(place).render(createElement(Page));
