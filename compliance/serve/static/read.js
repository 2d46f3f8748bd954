// The tab that reads a whole chat: pasted, chosen or dropped.

import { Problem, postJson } from "./api.js";
import { el } from "./el.js";
import { findingItem, marked, showDecision } from "./verdict.js";
import { onChange, where } from "./where.js";
import { say } from "./words.js";

const MOST = 3000; // lines
const BUYER = /^\s*(?:买家|顾客|客户|buyer)\s*[:：]\s*/i;
const AGENT = /^\s*(?:客服|卖家|商家|agent)\s*[:：]\s*/i;

const chat = document.getElementById("chat");
const decision = document.getElementById("chat-decision");
const list = document.getElementById("messages");
const only = document.getElementById("chat-only");

let messages = [], verdict = null;

export function start() {
  document.getElementById("chat-check").addEventListener("click", check);
  document.getElementById("chat-file").addEventListener("change", (event) => take(event.target.files[0]));
  chat.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    check();
  });
  only.addEventListener("change", refresh);
  onChange(() => verdict && check());
  const panel = document.getElementById("read");
  panel.addEventListener("dragover", (event) => event.preventDefault());
  panel.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
}

export const refresh = () => verdict && render();

async function take(file) {
  if (!file) return;
  chat.value = decode(await file.arrayBuffer());
  await check();
}

/** Read text strictly as UTF-8, else as Excel saves it in China. */
function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

async function check() {
  const lines = chat.value.split(/\r?\n/).filter((line) => line.trim());
  if (lines.length > MOST) return showDecision(decision, "failed", say("chat.long", { n: MOST }));
  messages = lines.map((line) =>
    BUYER.test(line) ? { role: "buyer", text: line.replace(BUYER, "") } : { role: "agent", text: line.replace(AGENT, "") },
  );
  if (!messages.length) return;
  showDecision(decision, "empty", say("checking"));
  try {
    verdict = await postJson("v1/lint", { messages, ...where() });
    render();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    verdict = null;
    list.replaceChildren();
    showDecision(decision, "failed", error.message);
  }
}

function render() {
  const count = (action) => verdict.findings.filter((finding) => finding.action === action).length;
  const n = messages.filter((message) => message.role === "agent").length;
  showDecision(decision, verdict.decision, say("chat.result", { n, block: count("block"), warn: count("warn") }));
  const shown = messages
    .map((message, index) => ({ ...message, index, findings: verdict.findings.filter((f) => f.message_index === index) }))
    .filter((message) => !only.checked || message.findings.length);
  list.replaceChildren(...shown.map(item));
}

function item(message) {
  const who = el("span", { class: "who" }, say(message.role));
  const text = el("p", { class: "text" }, marked(message.text, message.findings));
  const found = message.findings.length
    ? el("ol", { class: "findings" }, message.findings.map((finding) => findingItem(finding, false)))
    : null;
  return el("li", { class: message.role, value: message.index + 1 }, who, text, found);
}
