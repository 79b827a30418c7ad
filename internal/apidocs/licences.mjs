// Prints the licence texts of the packages compiled into Scalar's bundle.
// Run by update.sh: node licences.mjs NODE_MODULES WEBPACK_STATS
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [root, stats] = process.argv.slice(2);
const bundled = new Set();

function collect(modules) {
  for (const module of modules ?? []) {
    const names = [...(module.name ?? "").matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].map((m) => m[1]);
    const name = names.filter((n) => n !== ".pnpm").at(-1);
    if (name) bundled.add(name);
    collect(module.modules);
  }
}
const parsed = JSON.parse(readFileSync(stats, "utf8"));
collect(parsed.modules);
for (const chunk of parsed.chunks ?? []) collect(chunk.modules);
for (const name of readdirSync(join(root, "@scalar"))) bundled.add(`@scalar/${name}`);

function folderOf(name) {
  const nested = ["", "@scalar/api-client/node_modules", "@scalar/components/node_modules", "@scalar/agent-chat/node_modules"];
  return nested.map((n) => join(root, n, name)).find(existsSync);
}

const texts = new Map(); // licence text -> packages under it
const missing = [];
for (const name of [...bundled].sort()) {
  const folder = folderOf(name);
  if (!folder) {
    missing.push(`${name}: not installed`);
    continue;
  }
  const pkg = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const licence = typeof pkg.license === "string" ? pkg.license : (pkg.license?.type ?? "not stated");
  const file = readdirSync(folder).find((f) => /^(licen[cs]e|copying)/i.test(f));
  const title = `${name} ${pkg.version} (${licence})`;
  if (!file) {
    missing.push(title);
    continue;
  }
  const text = readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim();
  texts.set(text, [...(texts.get(text) ?? []), title]);
}

console.log("Licences of the packages compiled into standalone.js.gz.\nWritten by update.sh.\n");
if (missing.length > 0) {
  console.log("Packages that ship no licence file; the licence is as their package.json states it:\n");
  console.log(missing.map((m) => `  ${m}`).join("\n") + "\n");
}
for (const [text, packages] of texts) {
  console.log("=".repeat(72) + "\n" + packages.join("\n") + "\n" + "-".repeat(72) + "\n" + text + "\n");
}
