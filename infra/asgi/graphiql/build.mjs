// Bundles GraphiQL into ../static/graphiql, without its web fonts, with the licences of what went in and the hashes.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const target = new URL("../static/graphiql/", import.meta.url).pathname;

const systemFonts = {
  name: "system-fonts",
  setup(bundle) {
    bundle.onLoad({ filter: /\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/@font-face\s*\{[^}]*\}/g, ""),
      loader: "css",
    }));
  },
};

const { metafile } = await build({
  entryPoints: { graphiql: "page.jsx" },
  outdir: target,
  bundle: true,
  minify: true,
  format: "iife",
  charset: "utf8",
  target: "es2020",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [systemFonts],
  metafile: true,
});

function packageOf(file) {
  for (let folder = dirname(file); folder.includes("node_modules"); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest)) {
      const { name, version, license } = JSON.parse(readFileSync(manifest, "utf8"));
      if (name && version) return { name, version, license, folder };
    }
  }
  return undefined;
}

const packages = new Map();
for (const file of Object.keys(metafile.inputs)) {
  const found = packageOf(file);
  if (found) packages.set(`${found.name}@${found.version}`, found);
}

const sorted = [...packages.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
const texts = sorted.map(([id, { license, folder }]) => {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : "(the package carries no licence file)";
  return `${"=".repeat(78)}\n${id} (${license})\n\n${text.replace(/\r\n/g, "\n")}\n`;
});
writeFileSync(
  join(target, "NOTICE.txt"),
  `graphiql.js and graphiql.css are GraphiQL and what it is made of, bundled unchanged from these npm packages:\n\n${texts.join("\n")}`,
);

const files = Object.fromEntries(
  ["NOTICE.txt", "graphiql.css", "graphiql.js"].map((name) => {
    const content = readFileSync(join(target, name));
    return [name, { bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") }];
  }),
);
writeFileSync(
  join(target, "manifest.json"),
  `${JSON.stringify({ files, packages: sorted.map(([id, { license }]) => `${id} ${license}`) }, null, 2)}\n`,
);
