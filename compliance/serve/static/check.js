// The tab where a message is written: checked while typing, marked in place, rewritten on request.

import { Problem, postJson } from "./api.js";
import { el } from "./el.js";
import { findingItem, marked, showDecision } from "./verdict.js";
import { onChange, where } from "./where.js";
import { say } from "./words.js";

const WAIT = 120; // ms after the last key
const draft = document.getElementById("draft");
const backdrop = document.getElementById("backdrop");
const decision = document.getElementById("decision");
const list = document.getElementById("findings");
const rewrite = document.getElementById("rewrite");

let timer, pending, verdict = null, checked = "", selected = null, before = null, composing = false;

export function start() {
  draft.addEventListener("compositionstart", () => (composing = true));
  draft.addEventListener("compositionend", () => ((composing = false), changed()));
  draft.addEventListener("input", () => composing || changed());
  draft.addEventListener("scroll", follow);
  draft.addEventListener("keydown", keys);
  for (const event of ["click", "keyup", "focus"]) draft.addEventListener(event, selectAtCaret);
  new ResizeObserver(follow).observe(draft);
  onChange(check);
  render();
}

/** Check again in the current language. */
export const refresh = () => render();

function changed() {
  before = null;
  paint(); // words that are marked move with the text until the next verdict
  clearTimeout(timer);
  timer = setTimeout(check, WAIT);
}

async function check() {
  pending?.abort();
  const text = draft.value;
  if (!text.trim()) {
    verdict = null;
    checked = text;
    return render();
  }
  pending = new AbortController();
  try {
    const answer = await postJson("v1/lint", { text, ...where() }, { signal: pending.signal });
    if (draft.value !== text) return;
    verdict = answer;
    checked = text;
    selected = null;
    render();
  } catch (error) {
    if (error.name === "AbortError") return;
    verdict = null;
    checked = text;
    render();
    if (!(error instanceof Problem)) throw error;
    showDecision(decision, "failed", error.message);
  }
}

function render() {
  const findings = verdict?.findings ?? [];
  if (verdict) showDecision(decision, verdict.decision, say(`decision.${verdict.decision}`), findings.length);
  else showDecision(decision, "empty", say("decision.empty"));
  list.replaceChildren(...findings.map((finding, index) => findingItem(finding, index === 0, (open) => open && select(finding, false))));
  renderRewrite();
  paint();
}

function renderRewrite() {
  const offered = verdict?.rewrite;
  if (!offered) {
    rewrite.replaceChildren(...(before === null ? [] : [undoBar()]));
    return;
  }
  const copy = el("button", { onclick: () => copied(copy, offered.text) }, say("copy"));
  rewrite.replaceChildren(
    el(
      "div",
      { class: `card rewrite ${offered.tier}` },
      el("h2", {}, say(`rewrite.${offered.tier}`)),
      el("p", { class: "text", id: "rewrite-text" }, offered.text),
      el("div", { class: "bar" }, el("button", { class: "main", id: "accept", onclick: accept }, say("accept")), copy),
    ),
  );
}

function undoBar() {
  return el("div", { class: "bar" }, el("span", { role: "status" }, say("accepted")), el("button", { onclick: undo }, say("undo")));
}

async function copied(button, text) {
  await navigator.clipboard.writeText(text);
  button.textContent = say("copied");
}

function accept() {
  if (!verdict?.rewrite) return;
  const was = draft.value;
  draft.value = verdict.rewrite.text;
  verdict = null;
  changed();
  before = was;
  draft.focus();
}

function undo() {
  draft.value = before;
  changed();
  draft.focus();
}

function paint() {
  const text = draft.value;
  const findings = text === checked ? (verdict?.findings ?? []) : shifted(text);
  backdrop.replaceChildren(...marked(text, findings, selected), "\u200b");
  follow();
}

/** Keep the marks of the last verdict where their words still stand. */
function shifted(text) {
  let same = 0;
  while (same < text.length && text[same] === checked[same]) same++;
  const moved = text.length - checked.length;
  return (verdict?.findings ?? []).flatMap((finding) => {
    if (finding.end_utf16 <= same) return [finding];
    const start = finding.start_utf16 + moved;
    if (start < same || text.slice(start, finding.end_utf16 + moved) !== finding.surface) return [];
    return [{ ...finding, start_utf16: start, end_utf16: finding.end_utf16 + moved }];
  });
}

function follow() {
  backdrop.scrollTop = draft.scrollTop;
  backdrop.style.paddingRight = `${draft.offsetWidth - draft.clientWidth - 2 + 14}px`; // as wide as beside the scroll bar
}

function selectAtCaret() {
  const at = draft.selectionStart;
  if (draft.value !== checked || draft.selectionEnd !== at) return;
  const found = verdict?.findings.find((finding) => finding.start_utf16 <= at && at < finding.end_utf16);
  if (found && found !== selected) select(found, true);
}

function select(finding, open) {
  selected = finding;
  if (open) {
    verdict.findings.forEach((other, index) => (list.children[index].firstChild.open = other === finding));
    list.children[verdict.findings.indexOf(finding)].scrollIntoView({ block: "nearest" });
  }
  paint();
}

function keys(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && verdict?.rewrite) {
    event.preventDefault();
    accept();
  }
  if (event.key === "F8" && verdict?.findings.length) {
    event.preventDefault();
    const { findings } = verdict;
    const step = event.shiftKey ? -1 : 1;
    const next = findings[(findings.indexOf(selected) + step + findings.length) % findings.length] ?? findings[0];
    draft.setSelectionRange(next.start_utf16, next.end_utf16);
    select(next, true);
  }
}
