// Uploads of chat logs, their progress, reports and tables.

import { Problem, call, getJson, hasKey } from "./api.js";
import { el } from "./el.js";
import { platform } from "./where.js";
import { say } from "./words.js";

const EVERY = 1000; // ms between two looks at what is running
const status = document.getElementById("audit-status");
const list = document.getElementById("audit-list");
const drop = document.getElementById("drop");

let timer;

export function start() {
  const input = document.getElementById("audit-file");
  input.addEventListener("change", async () => {
    await upload(input.files[0]);
    input.value = "";
  });
  drop.addEventListener("dragover", (event) => (event.preventDefault(), drop.classList.add("over")));
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    upload(event.dataTransfer.files[0]);
  });
}

async function upload(file) {
  if (!file) return;
  status.textContent = say("audit.sending", { name: file.name });
  const query = new URLSearchParams({ name: file.name, platform: platform() });
  await told(async () => {
    await call(`v1/audits?${query}`, { method: "POST", body: file });
    status.textContent = say("audit.taken");
  });
  await refresh();
}

export async function refresh() {
  clearTimeout(timer);
  await told(async () => {
    const { audits } = await getJson("v1/audits");
    list.replaceChildren(...(audits.length ? audits.map(item) : [el("li", { class: "hint" }, say("audit.none"))]));
    const busy = audits.some((audit) => audit.state === "waiting" || audit.state === "running");
    if (busy && !document.getElementById("audits").hidden) timer = setTimeout(refresh, EVERY);
  });
}

async function told(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    status.textContent = error.message;
  }
}

function item(audit) {
  const busy = audit.state === "waiting" || audit.state === "running";
  const created = new Date(audit.created).toLocaleString(document.documentElement.lang);
  return el(
    "li",
    { class: `card audit ${audit.state}` },
    el("div", { class: "head" }, el("strong", {}, audit.name), el("span", { class: "badge" }, say(`audit.${audit.state}`)), el("time", { class: "hint" }, created)),
    busy ? el("progress", { "aria-label": say(`audit.${audit.state}`) }) : null,
    el("p", {}, summary(audit)),
    el("div", { class: "bar" }, audit.files.map((name) => link(audit, name)), el("button", { class: "quiet", onclick: () => remove(audit) }, say("delete"))),
  );
}

function summary(audit) {
  if (audit.state === "failed") return audit.error;
  if (!audit.counts) return say("audit.rows", { n: audit.progress?.rows ?? 0 });
  const { messages, findings, bad_rows: bad } = audit.counts;
  const result = say("audit.result", { n: messages.agent ?? 0, block: findings.block ?? 0, warn: findings.warn ?? 0 });
  return bad ? `${result}；${say("audit.bad", { n: bad })}` : result;
}

/** A plain link where no key is needed; else the file is fetched with the key and saved. */
function link(audit, name) {
  const path = `v1/audits/${audit.id}/${name}`;
  const words = name === "report.html" ? say("report") : name;
  const look = name === "report.html" ? "button main" : "button";
  if (!hasKey()) return el("a", { class: look, href: path, ...(name === "report.html" && { target: "_blank" }) }, words);
  return el("button", { class: look, onclick: () => told(() => save(path, name)) }, words);
}

async function save(path, name) {
  const url = URL.createObjectURL(await (await call(path)).blob());
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

async function remove(audit) {
  await told(() => call(`v1/audits/${audit.id}`, { method: "DELETE" }));
  await refresh();
}
