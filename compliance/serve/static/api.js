// Calls to the service. A problem document becomes a Problem with words for people.

import { say } from "./words.js";

export class Problem extends Error {
  constructor(kind, detail) {
    const known = say(`problem.${kind}`);
    super(known.startsWith("problem.") ? detail : known);
    this.kind = kind;
  }
}

const KEY = "compliance-key";
let askForKey = () => {};

/** Tell what to do when the service wants a key. */
export const onKeyNeeded = (ask) => (askForKey = ask);
export const keepKey = (key) => (key ? sessionStorage.setItem(KEY, key) : sessionStorage.removeItem(KEY));
export const hasKey = () => sessionStorage.getItem(KEY) !== null;

/** Call the service; returns the response, or throws a Problem. */
export async function call(path, options = {}) {
  const key = sessionStorage.getItem(KEY);
  const headers = { ...(key && { Authorization: `Bearer ${key}` }), ...options.headers };
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("offline", "");
  }
  if (response.ok) {
    const bundle = response.headers.get("Compliance-Bundle");
    if (bundle) document.getElementById("version").textContent = bundle.replace("+", " · ");
    return response;
  }
  const problem = await response.json().catch(() => ({ type: "internal", detail: String(response.status) }));
  const kind = problem.type.split(":").pop();
  if (response.status === 401) askForKey();
  throw new Problem(kind, problem.detail);
}

export const getJson = async (path, options) => (await call(path, options)).json();

export const postJson = (path, body, options = {}) =>
  getJson(path, { ...options, method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
