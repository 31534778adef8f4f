// Builds portal/assets/dist from the sources beside this file: `npm run build`.
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import * as esbuild from "esbuild";
import * as sass from "sass";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

// Old phones are common among subscribers. Chrome 64 is the first with everything the portal relies on.
const target = { css: ["chrome64", "firefox67", "safari12"], js: "es2018" };
const budget = { "css/portal.css": 26_500, "js/portal.js": 10_000, "js/appeals.js": 4_000, "js/connection.js": 3_000, "js/offline.js": 7_000, "js/push.js": 2_000, "js/sw.js": 2_500 };

async function styles() {
  const { css } = sass.compile(path("scss/portal.scss"), {
    loadPaths: [path("../../node_modules")],
    quietDeps: true,
    // Bootstrap 5 is written with @import; both go with its next major version.
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  // The content security policy allows images from the site only, and data: addresses would silently stay empty.
  if (css.includes("data:")) throw new Error("portal.css has a data: address; use a file in portal/assets/img");
  return (await esbuild.transform(css, { loader: "css", minify: true, target: target.css })).code;
}

async function script(name) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path(`js/${name}`)],
    bundle: true,
    format: "iife",
    minify: true,
    charset: "utf8",
    target: target.js,
    write: false,
  });
  return outputFiles[0].text;
}

const files = {
  "css/portal.css": await styles(),
  "js/portal.js": await script("portal.js"),
  "js/offline.js": await script("offline.js"), // the cabinet's pages alone
  "js/push.js": await script("push.js"), // the page «Уведомления в браузере» alone
  "js/appeals.js": await script("appeals.js"), // the pages of appeals
  "js/connection.js": await script("connection.js"), // the form of an application for connection
  "js/sw.js": await script("sw.js"), // the service worker of /cabinet/
};

await rm(path("dist"), { recursive: true, force: true });
for (const [name, text] of Object.entries(files)) {
  const size = gzipSync(text).length;
  if (size > budget[name]) throw new Error(`${name}: ${size} bytes gzipped, the budget is ${budget[name]}`);
  await mkdir(path(`dist/${name.split("/")[0]}`), { recursive: true });
  await writeFile(path(`dist/${name}`), text);
  process.stdout.write(`${name}  ${(text.length / 1000).toFixed(1)} kB, ${(size / 1000).toFixed(1)} kB gzipped\n`);
}
for (const folder of ["fonts", "img"]) {
  await cp(path(folder), path(`dist/${folder}`), { recursive: true, filter: (file) => !file.endsWith(".md") });
}
