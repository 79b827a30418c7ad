// Starts the reference and signs demo accounts in. Tokens live in this
// script's memory only: a reload forgets them.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const settings = JSON.parse(byId("settings").textContent);

  // Access tokens are renewed this long before they expire.
  const renewAheadMs = 60_000;
  const retryMs = 10_000;

  let reference = null; // Scalar's application
  let schemeName = ""; // the contract's bearer scheme
  let session = null; // { account, accessToken, refreshToken, expiresAt, timer, renewal }

  // --- the reference ---

  function configuration() {
    const config = {
      url: settings.specUrl,
      fetch: fetchContract,
      baseServerURL: location.origin,
      onBeforeRequest: ({ request }) => freshen(request),
      theme: "default",
      documentDownloadType: "direct",
      operationTitleSource: "summary",
      orderSchemaPropertiesBy: "preserve",
      defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
      // Nothing from or to other hosts, nothing kept.
      withDefaultFonts: false,
      telemetry: false,
      persistAuth: false,
      hideClientButton: true,
      showDeveloperTools: "never",
      agent: { disabled: true },
    };
    if (session && schemeName) {
      config.authentication = {
        securitySchemes: {
          [schemeName]: { type: "http", scheme: "bearer", token: session.accessToken },
        },
      };
    }
    return config;
  }

  // Scalar reads the contract through this, so that it is fetched once and the
  // name of its bearer scheme is found in it.
  async function fetchContract(input, init) {
    const response = await fetch(input, init);
    if (!response.ok) {
      notice(`The OpenAPI document could not be read: ${response.status} from ${settings.specUrl}.`);
      return response;
    }
    try {
      const contract = await response.clone().json();
      const schemes = Object.entries(contract.components?.securitySchemes ?? {});
      const bearer = schemes.find(([, s]) => s.type === "http" && s.scheme?.toLowerCase() === "bearer");
      schemeName = bearer?.[0] ?? "";
    } catch {
      notice(`The OpenAPI document at ${settings.specUrl} is not JSON.`);
    }
    return response;
  }

  function notice(text) {
    const p = document.createElement("p");
    p.className = "notice";
    p.setAttribute("role", "alert");
    p.textContent = text;
    byId("reference").before(p);
  }

  function start() {
    const place = byId("reference");
    if (!window.Scalar) {
      place.firstElementChild.textContent = "The reference could not be loaded.";
      return;
    }
    place.replaceChildren();
    reference = window.Scalar.createApiReference(place, configuration());
  }

  function giveTokenToReference() {
    reference?.updateConfiguration(configuration());
  }

  // A token that the reader typed into the reference wins over ours. Choosing
  // an account is the later wish, so the typed one is dropped.
  function dropTypedToken() {
    try {
      const store = window.dataDumpWorkspace?.();
      for (const slug of Object.keys(store?.workspace.documents ?? {})) {
        store.auth.clearAuthSecrets(slug, schemeName);
      }
    } catch {
      // Not in this version of Scalar: the typed token stays, as shown there.
    }
  }

  // --- tokens ---

  class TokenError extends Error {
    constructor(message, final) {
      super(message);
      this.final = final; // asking again will not help
    }
  }

  async function requestToken(parameters) {
    let response;
    try {
      response = await fetch(settings.tokenUrl, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(parameters), // form-encoded
        credentials: "omit",
        cache: "no-store",
      });
    } catch {
      throw new TokenError("the server cannot be reached", false);
    }
    const answer = await response.json().catch(() => ({}));
    if (response.ok && answer.access_token) {
      return answer;
    }
    const reason = answer.error_description ?? answer.detail ?? answer.error ?? answer.title ?? `status ${response.status}`;
    const after = Number(response.headers.get("Retry-After"));
    const wait = response.status === 429 && after > 0 ? `, try again in ${after} seconds` : "";
    throw new TokenError(String(reason).replace(/\.$/, "") + wait, response.status < 500 && response.status !== 429);
  }

  // revoke ends the session at the server too; nothing waits for its answer.
  function revoke(target) {
    if (!target?.refreshToken) {
      return;
    }
    fetch(settings.revokeUrl, {
      method: "POST",
      body: new URLSearchParams({ token: target.refreshToken }),
      credentials: "omit",
      keepalive: true,
    }).catch(() => {});
  }

  function keepTokens(target, answer) {
    const lifeMs = (answer.expires_in ?? 900) * 1000;
    target.accessToken = answer.access_token;
    target.refreshToken = answer.refresh_token ?? target.refreshToken;
    target.expiresAt = Date.now() + lifeMs;
    target.renewAt = Date.now() + Math.max(lifeMs - renewAheadMs, lifeMs / 2);
    schedule(target, target.renewAt - Date.now());
  }

  function schedule(target, delayMs) {
    clearTimeout(target.timer);
    target.timer = setTimeout(() => renew(target).catch(() => {}), delayMs);
  }

  // renew is one request at a time: refresh tokens rotate, and using one twice
  // would end the session.
  function renew(target) {
    target.renewal ??= renewOnce(target).finally(() => {
      target.renewal = null;
    });
    return target.renewal;
  }

  async function renewOnce(target) {
    if (target !== session) {
      return;
    }
    try {
      if (!target.refreshToken) {
        throw new TokenError("no refresh token was given", true);
      }
      const answer = await requestToken({ grant_type: "refresh_token", refresh_token: target.refreshToken });
      if (target === session) {
        keepTokens(target, answer);
        giveTokenToReference();
        showSession();
      }
    } catch (err) {
      if (target !== session) {
        return;
      }
      if (err.final || Date.now() > target.expiresAt) {
        endSession(`The sign-in has ended (${err.message}). Choose an account to go on.`);
        openPanel(true);
      } else {
        schedule(target, retryMs);
      }
      throw err;
    }
  }

  // freshen looks at a request that try-it-out is about to send: timers sleep
  // with the laptop, so the token may have expired unnoticed.
  async function freshen(request) {
    const current = session;
    if (!current || request.headers.get("Authorization") !== `Bearer ${current.accessToken}`) {
      return;
    }
    if (Date.now() >= current.renewAt || current.renewal) {
      await renew(current).catch(() => {});
      if (current === session) {
        request.headers.set("Authorization", `Bearer ${current.accessToken}`);
      }
    }
  }

  function endSession(message) {
    clearTimeout(session?.timer);
    session = null;
    giveTokenToReference();
    showSession();
    say(message, "trouble");
  }

  // --- the demo panel ---

  const accountButtons = [...document.querySelectorAll("[data-account]")];

  function say(text, kind = "") {
    const status = byId("status");
    status.textContent = text;
    status.title = text;
    status.dataset.kind = kind;
  }

  function showSession() {
    byId("sign-out").hidden = !session;
    for (const button of accountButtons) {
      button.setAttribute("aria-pressed", String(settings.accounts[button.dataset.account] === session?.account));
    }
    if (session) {
      say(`Signed in as ${session.account.label}`, "signed-in");
    }
  }

  async function signIn(account, button) {
    for (const b of accountButtons) b.disabled = true;
    button.setAttribute("aria-busy", "true");
    say(`Signing in as ${account.label}…`);
    try {
      const answer = await requestToken({
        grant_type: "password",
        trust: account.trust,
        username: account.username,
        password: account.password,
      });
      clearTimeout(session?.timer);
      revoke(session);
      session = { account };
      keepTokens(session, answer);
      dropTypedToken();
      giveTokenToReference();
      showSession();
      openPanel(false);
      byId("toggle").focus();
    } catch (err) {
      showSession();
      const still = session ? ` You are still ${session.account.label}.` : "";
      say(`Could not sign in as ${account.label}: ${err.message}.${still}`, "trouble");
    } finally {
      for (const b of accountButtons) b.disabled = false;
      button.removeAttribute("aria-busy");
    }
  }

  function openPanel(open) {
    byId("accounts").hidden = !open;
    byId("toggle").setAttribute("aria-expanded", String(open));
  }

  function startPanel() {
    byId("toggle").addEventListener("click", () => openPanel(byId("accounts").hidden));
    byId("sign-out").addEventListener("click", () => {
      revoke(session);
      endSession("Signed out");
      say("Signed out");
      openPanel(true);
      accountButtons[0].focus();
    });
    for (const button of accountButtons) {
      button.addEventListener("click", () => signIn(settings.accounts[button.dataset.account], button));
    }
    byId("top").addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !byId("accounts").hidden) {
        openPanel(false);
        byId("toggle").focus();
      }
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && session && Date.now() >= session.renewAt) {
        renew(session).catch(() => {});
      }
    });
  }

  // The skip link passes Scalar's sidebar too, and leaves the # to Scalar.
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    const main = document.querySelector("main") ?? byId("reference");
    main.tabIndex = -1;
    main.focus();
  });

  // Scalar's sticky parts stay below our header, whatever its height.
  new ResizeObserver(([entry]) => {
    const height = Math.round(entry.borderBoxSize[0].blockSize);
    document.documentElement.style.setProperty("--scalar-custom-header-height", `${height}px`);
  }).observe(byId("top"));

  if (accountButtons.length > 0) startPanel();
  start();
})();
