// Bundles each example into dist/. Relay's tags become the documents that its compiler wrote, as in any Relay project.
import { transformAsync } from "@babel/core";
import { build } from "esbuild";
import { readFile } from "node:fs/promises";

const relay = {
  name: "relay",
  setup(bundle) {
    bundle.onLoad({ filter: /src\/relay\/[^/]+\.ts$/ }, async ({ path }) => {
      const { code } = await transformAsync(await readFile(path, "utf8"), {
        filename: path,
        babelrc: false,
        configFile: false,
        parserOpts: { plugins: ["typescript"] },
        plugins: [["relay", { eagerEsModules: true }]],
      });
      return { contents: code, loader: "ts" };
    });
  },
};

await build({
  entryPoints: { relay: "src/relay/files.ts", apollo: "src/codegen/apollo.ts", urql: "src/codegen/urql.ts" },
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node18",
  logLevel: "warning",
  plugins: [relay],
});
