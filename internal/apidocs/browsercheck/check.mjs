// Drives the documentation page in a headless Chromium; README.md says how to
// run it. It reads the page as a person would: sign in, try an operation, look
// at the answer, and it notes every request that the browser attempts.
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    account: { type: "string" }, // part of the label; the first account if not given
    operation: { type: "string", default: "GET /v1/me" },
    renewal: { type: "boolean", default: false }, // wait for the token to be renewed
    out: { type: "string", default: "/tmp/apidocs-browsercheck" },
    chromium: { type: "string", default: "/usr/bin/chromium" },
  },
});
const base = (positionals[0] ?? "http://127.0.0.1:8099").replace(/\/$/, "");
const host = new URL(base).host;
const [method, path] = options.operation.split(" ");
// playwright-core is looked up from the working folder, outside the repository.
const { chromium } = createRequire(resolve("here.js"))("playwright-core");

let passed = 0;
let failed = 0;
function check(what, ok, detail = "") {
  ok ? passed++ : failed++;
  console.log(`${ok ? "ok    " : "FAILED"} ${what}${ok || detail === "" ? "" : `: ${detail}`}`);
}

mkdirSync(options.out, { recursive: true });
const browser = await chromium.launch({
  executablePath: options.chromium,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // No other host exists, whatever the page tries.
    `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${new URL(base).hostname}`,
  ],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });

const requests = [];
let loads = 0;
const troubles = []; // CSP violations, script errors, console errors
context.on("request", (r) => requests.push(r));
let probes = 0;
await context.exposeFunction("noteProbe", () => probes++);
await context.exposeFunction("noteViolation", (text) => troubles.push(`CSP: ${text}`));
await context.addInitScript(() => {
  document.addEventListener("securitypolicyviolation", (e) => {
    // Zod, in Scalar's bundle, asks once a load whether it may eval, and does
    // without when it may not.
    if (e.blockedURI === "eval" && /\/scalar\.\w+\.js$/.test(e.sourceFile)) {
      window.noteProbe();
      return;
    }
    window.noteViolation(`${e.effectiveDirective} blocked ${e.blockedURI} (${e.sourceFile}:${e.lineNumber})`);
  });
});

const page = await context.newPage();
page.on("pageerror", (e) => troubles.push(`script: ${e.message}`));
page.on("console", (m) => {
  // A 4xx that this check asks for is logged as an error too.
  if (m.type() === "error" && !m.text().startsWith("Failed to load resource")) troubles.push(`console: ${m.text()}`);
});
page.on("load", () => loads++);
const shot = (name) => page.screenshot({ path: join(options.out, `${name}.png`) });
const status = page.locator("#status");
const dialog = page.getByRole("dialog", { name: "API Client" });

const isToken = (r) => r.method() === "POST" && r.url().endsWith("/v1/oauth/token");
const isOperation = (r) => r.method() === method && new URL(r.url()).pathname === path;

// --- the page ---

const response = await page.goto(`${base}/docs`);
check("the page answers 200", response.status() === 200, String(response.status()));
const csp = response.headers()["content-security-policy"] ?? "";
check("its policy allows no foreign or inline script", csp.includes("script-src 'self';") && !csp.includes("unsafe-eval"), csp);
await page.locator("#reference main h1").first().waitFor({ timeout: 30_000 });
await page.waitForTimeout(1000);

const contract = await (await context.request.get(`${base}/openapi.json`)).json();
const operation = contract.paths[path]?.[method.toLowerCase()];
check(`the contract has ${method} ${path}`, operation !== undefined);
const heading = page.getByRole("heading", { name: contract.info.title }).first();
check("the contract's title is shown", await heading.isVisible());
await shot("1-page-1280");

const anchor = `[id$="${method}${path}"]`;
await page.locator("nav, [role=navigation]").getByRole("button", { name: operation.tags[0] }).first().waitFor();
await page.goto(`${base}/docs#tag/${operation.tags[0].toLowerCase().replaceAll(" ", "-")}/${method}${path}`);
await page.reload();
await page.locator(anchor).first().waitFor({ timeout: 30_000 });
check(`${method} ${path} is rendered`, await page.locator(anchor).first().isVisible());

// --- sign in, by keyboard ---

const accounts = page.locator("#accounts button");
check("demo accounts are offered", (await accounts.count()) > 0);
const account = options.account ? accounts.filter({ hasText: options.account }).first() : accounts.first();
const label = await account.locator("strong").textContent();

async function signInByKeyboard() {
  await page.locator("#toggle").focus();
  for (let i = 0; i < 50 && !(await account.evaluate((b) => b === document.activeElement)); i++) {
    await page.keyboard.press("Tab");
  }
  const answered = page.waitForResponse((r) => isToken(r.request()));
  await page.keyboard.press("Enter");
  return answered;
}
const answer = await signInByKeyboard();
const form = new URLSearchParams(answer.request().postData());
check(
  "the token request is a password form",
  answer.request().headers()["content-type"]?.startsWith("application/x-www-form-urlencoded") &&
    form.get("grant_type") === "password" && ["trust", "username", "password"].every((f) => form.get(f)),
  String([...form.keys()]),
);
let token = (await answer.json()).access_token;
await page.getByText(`Signed in as ${label}`).waitFor({ timeout: 5000 }).catch(() => {});
check(`signed in as ${label}`, (await status.textContent()) === `Signed in as ${label}`, await status.textContent());
check("the panel makes room", await page.locator("#accounts").isHidden());

// --- try it out ---

async function tryIt() {
  if (!(await dialog.isVisible())) {
    await page.locator(anchor).getByRole("button", { name: /^Test Request/ }).first().click();
    await dialog.waitFor();
  }
  const answered = page.waitForResponse((r) => isOperation(r.request()));
  await dialog.getByRole("button", { name: /^Send/ }).first().click();
  const result = await answered;
  await page.waitForTimeout(800);
  return { result, sent: (await result.request().allHeaders()).authorization };
}
async function closeDialog() {
  await dialog.getByRole("button", { name: "Close Client" }).click();
  await dialog.waitFor({ state: "hidden" });
}

let tried = await tryIt();
check("try-it-out sends the token", tried.sent === `Bearer ${token}`, tried.sent);
check("and is answered 200", tried.result.status() === 200, String(tried.result.status()));
check("and shows the status", await dialog.getByText("200 OK").first().isVisible());
check("and shows the answer", (await dialog.getByRole("region", { name: "Response" }).or(dialog.locator("section[aria-label=Response]")).first().textContent()).includes(Object.keys(await tried.result.json())[0]));
await shot("2-answer-1280");

if (options.renewal) {
  const renewed = await page.waitForResponse((r) => isToken(r.request()), { timeout: 900_000 });
  check("the token is renewed with the refresh token", new URLSearchParams(renewed.request().postData()).get("grant_type") === "refresh_token");
  token = (await renewed.json()).access_token;
  tried = await tryIt();
  check("and the new one is sent", tried.sent === `Bearer ${token}` && tried.result.status() === 200, tried.sent);
}
await closeDialog();

const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
check("no token is kept in the browser", !kept.includes(token) && (await context.cookies()).length === 0, kept);

// --- another account, then none ---

const other = accounts.filter({ hasNotText: label }).first();
if ((await other.count()) > 0) {
  await page.locator("#toggle").click();
  const answered = page.waitForResponse((r) => isToken(r.request()));
  await other.click();
  const otherToken = (await (await answered).json()).access_token;
  await page.locator("#accounts").waitFor({ state: "hidden" });
  tried = await tryIt();
  check("another account's token replaces the first", tried.sent === `Bearer ${otherToken}`, tried.sent);
  await closeDialog();
}
const revoked = page.waitForResponse((r) => r.url().endsWith("/v1/oauth/revoke"), { timeout: 5000 }).catch(() => null);
await page.locator("#sign-out").click();
const revocation = await revoked;
check(
  "signing out revokes the refresh token",
  revocation?.ok() && new URLSearchParams(revocation.request().postData()).get("token"),
  String(revocation?.status()),
);
check("signed out", (await status.textContent()) === "Signed out");
tried = await tryIt();
check("after signing out no token is sent", !tried.sent?.match(/Bearer \S{6,}/), tried.sent);
await closeDialog();

// --- a typed token, then an account ---

const field = page.locator(".scalar-reference-intro-auth input, .scalar-reference-intro-auth [contenteditable]").first();
await page.goto(`${base}/docs`);
await page.reload();
await field.waitFor({ timeout: 30_000 });
await field.fill("typed-by-hand");
await page.keyboard.press("Tab");
await page.waitForTimeout(500);
token = (await (await signInByKeyboard()).json()).access_token;
await page.locator("#accounts").waitFor({ state: "hidden" });
await page.goto(`${base}/docs#tag/${operation.tags[0].toLowerCase().replaceAll(" ", "-")}/${method}${path}`);
tried = await tryIt();
check("choosing an account replaces a typed token", tried.sent === `Bearer ${token}`, tried.sent);
await closeDialog();

// --- looks ---

await page.locator(anchor).first().scrollIntoViewIfNeeded();
await shot("3-operation-1280");
await page.getByRole("button", { name: /(dark|light) mode/i }).first().click().catch(() => {});
await page.locator("#toggle").click();
await page.waitForTimeout(500);
await shot("4-dark-1280");
await page.getByRole("button", { name: /(dark|light) mode/i }).first().click().catch(() => {});

for (const width of [390, 1280]) {
  await page.setViewportSize({ width, height: 844 });
  await page.waitForTimeout(500);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  check(`nothing is wider than ${width} px`, wide <= width, String(wide));
  if (width === 390) {
    await page.evaluate(() => scrollTo(0, 0));
    await shot("5-page-390");
    await page.locator("#toggle").click();
    await page.locator(anchor).first().scrollIntoViewIfNeeded();
    await page.waitForTimeout(300);
    await shot("6-operation-390");
    await tryIt();
    await shot("7-answer-390");
    await closeDialog();
  }
}

// --- what the browser asked for ---

const web = requests.filter((r) => !/^(data|blob):/.test(r.url()));
const foreign = web.filter((r) => new URL(r.url()).host !== host).map((r) => r.url());
const counted = new Map();
for (const r of web) {
  const line = `${r.method()} ${r.url().split("#")[0]}`;
  counted.set(line, (counted.get(line) ?? 0) + 1);
}
console.log(`\nrequests attempted (${web.length}):`);
for (const [line, n] of counted) console.log(`  ${n} × ${line}`);
console.log("");
check(`no request to any host but ${host}`, foreign.length === 0, foreign.join(", "));
check("one refused eval probe of Zod a page load, no more", probes <= loads, `${probes} in ${loads}`);
check("no CSP violation, script error or console error", troubles.length === 0, troubles.join("\n       "));

await browser.close();
console.log(`\nscreenshots: ${options.out}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
