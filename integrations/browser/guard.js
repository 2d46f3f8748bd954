// Holds a message in a web merchant console until it may be sent. One source for extension and userscript: the build puts
// CONSOLES (consoles.json) and transport (ask, settings) in front of it.
//
// The rules it keeps: listen in capture on window from document start, so that the page never sees a held event; leave
// IME composition, Shift+Enter and untrusted events alone; decide at once from the verdict of this very text, asked
// for while typing; where there is none yet, hold, ask, and let the agent press again. Nothing is ever sent for the agent.
"use strict";

(() => {
  const TYPING_PAUSE = 120; // milliseconds without a key until the draft is checked
  const RECOGNISED_WITHIN = 8000; // milliseconds until a console without an editor is reported
  const MOST_VERDICTS = 200;

  const adapter = CONSOLES.find((one) => one.match.some((pattern) => matches(pattern, location.href)));
  if (!adapter) return;

  const verdicts = new Map(); // text -> verdict
  const asked = new Map(); // text -> promise of its verdict, null if there is none to be had
  let panel = null;
  let typing = 0;
  let recognised = false;

  // ---- the page --------------------------------------------------------------------------------------------------

  function matches(pattern, url) {
    const source = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*");
    return new RegExp(`^${source}$`).test(url);
  }

  function find(selectors, root) {
    for (const selector of selectors) {
      const found = root.querySelector(selector);
      if (found) return found;
    }
    return null;
  }

  function within(event, selectors) {
    const path = event.composedPath().filter((node) => node instanceof Element);
    return path.find((node) => selectors.some((selector) => node.matches(selector))) || null;
  }

  function read(editor) {
    return "value" in editor ? editor.value : editor.innerText.replace(/\n$/, "");
  }

  function write(editor, text) {
    editor.focus();
    if ("value" in editor) {
      // frameworks watch the prototype's setter: a plain assignment would go unseen
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(editor), "value").set.call(editor, text);
      editor.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText", data: text }));
    } else {
      getSelection().selectAllChildren(editor);
      document.execCommand("insertText", false, text); // deprecated, and the one way that editors notice
    }
  }

  // ---- verdicts --------------------------------------------------------------------------------------------------

  function check(text) {
    if (verdicts.has(text)) return Promise.resolve(verdicts.get(text));
    if (!asked.has(text)) {
      const answer = transport.ask(text, adapter.platform).then(
        (verdict) => {
          verdicts.set(text, verdict);
          if (verdicts.size > MOST_VERDICTS) verdicts.delete(verdicts.keys().next().value);
          return verdict;
        },
        () => null, // no verdict: asked again with the next press
      );
      asked.set(text, answer.finally(() => asked.delete(text)));
    }
    return asked.get(text);
  }

  // ---- the gate --------------------------------------------------------------------------------------------------

  function gate(event, text, editor) {
    if (!text.trim()) return;
    const verdict = verdicts.get(text);
    if (verdict && verdict.decision !== "block") {
      if (verdict.decision === "pass") hide();
      return; // the page may have it
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (verdict) show(text, verdict, editor);
    else hold(text, editor);
  }

  async function hold(text, editor) {
    tell("正在检查，请稍候…");
    const verdict = await check(text);
    if (!verdict) await unavailable(text);
    else if (verdict.decision === "block") show(text, verdict, editor);
    else tell("可以发送，请再按一次。");
  }

  async function unavailable(text) {
    if ((await transport.settings()).unavailable !== "send") {
      tell("检查服务没有响应，消息没有发送。请确认服务已经启动，然后再按一次发送。", true);
      return;
    }
    verdicts.set(text, { decision: "warn", findings: [], rewrite: null });
    transport.unchecked();
    tell("检查服务没有响应，这条消息没有检查。再按一次发送。", true);
  }

  addEventListener(
    "keydown",
    (event) => {
      if (!event.isTrusted || event.isComposing || event.keyCode === 229) return;
      if (event.key === "Escape") hide();
      if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
      const editor = within(event, adapter.editor);
      if (editor) gate(event, read(editor), editor);
    },
    true,
  );

  for (const kind of ["pointerdown", "mousedown", "click"]) {
    addEventListener(
      kind,
      (event) => {
        if (!event.isTrusted) return;
        if (within(event, adapter.send)) {
          const editor = find(adapter.editor, document);
          if (editor) gate(event, read(editor), editor);
        } else {
          const item = within(event, adapter.quick);
          if (item) gate(event, item.innerText, null);
        }
      },
      true,
    );
  }

  addEventListener(
    "input",
    (event) => {
      const editor = within(event, adapter.editor);
      if (!editor) return;
      clearTimeout(typing);
      typing = setTimeout(async () => {
        const text = read(editor);
        if (!text.trim()) return hide();
        const verdict = await check(text);
        if (!verdict || text !== read(editor)) return;
        if (verdict.decision === "pass") hide();
        else show(text, verdict, editor);
      }, TYPING_PAUSE);
    },
    true,
  );

  // ---- is this console still the one that was described? ------------------------------------------------------------

  function recognise() {
    if (find(adapter.editor, document)) {
      if (!recognised) hide();
      recognised = true;
    } else if (!recognised && window === top) {
      tell(`没有认出${adapter.name}的输入框：本页没有受到保护，请更新扩展或联系管理员。`, true);
    }
  }

  addEventListener("DOMContentLoaded", () => {
    const watch = new MutationObserver(() => {
      if (!find(adapter.editor, document)) return;
      watch.disconnect();
      recognise();
    });
    watch.observe(document, { childList: true, subtree: true });
    setTimeout(recognise, transport.patience || RECOGNISED_WITHIN);
  });

  // ---- the overlay: a closed shadow tree beside the page's own, so that neither disturbs the other -----------------

  const STYLE = `
    :host { all: initial; }
    section { position: fixed; right: 16px; bottom: 16px; z-index: 2147483647; max-width: 420px; padding: 12px 14px;
      font: 14px/1.6 system-ui, sans-serif; color: #1f2328; background: #fff; border: 1px solid #d0d7de;
      border-left: 4px solid #8c959f; border-radius: 8px; box-shadow: 0 8px 24px rgb(0 0 0 / .18); }
    section.block { border-left-color: #cf222e; } section.warn { border-left-color: #bf8700; }
    section.loud { border-left-color: #cf222e; background: #ffebe9; font-weight: 600; }
    mark { background: #ffd8d3; color: inherit; border-bottom: 2px solid #cf222e; }
    ul { margin: 6px 0; padding-left: 18px; } small { color: #59636e; }
    .rewrite { padding: 6px 8px; background: #f0fff4; border-radius: 6px; white-space: pre-wrap; }
    button { font: inherit; margin: 6px 8px 0 0; padding: 2px 12px; border: 1px solid #d0d7de; border-radius: 6px;
      background: #f6f8fa; color: inherit; cursor: pointer; } button.accept { background: #1f883d; color: #fff; }
    p { margin: 0 0 4px; overflow-wrap: anywhere; }
    @media (prefers-color-scheme: dark) {
      section { background: #161b22; color: #e6edf3; border-color: #30363d; } section.loud { background: #3d1214; }
      mark { background: #5d1a1d; } .rewrite { background: #12261e; } small { color: #9198a1; }
      button { background: #21262d; border-color: #30363d; } }`;

  function open(kind) {
    if (!panel) {
      const host = document.createElement("compliance-guard");
      const root = host.attachShadow({ mode: transport.shadow || "closed" });
      root.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
      const section = root.appendChild(document.createElement("section"));
      section.setAttribute("role", "alert");
      panel = { host, section };
    }
    if (!panel.host.isConnected) document.documentElement.append(panel.host);
    panel.section.className = kind;
    panel.section.replaceChildren();
    return panel.section;
  }

  function hide() {
    if (panel) panel.host.remove();
  }

  function line(parent, tag, text, name) {
    const made = parent.appendChild(document.createElement(tag));
    if (text) made.textContent = text;
    if (name) made.className = name;
    return made;
  }

  function tell(text, loud = false) {
    line(open(loud ? "loud" : "told"), "p", text);
  }

  function show(text, verdict, editor) {
    const section = open(verdict.decision);
    const findings = verdict.findings.filter((finding) => finding.action !== "note");
    line(section, "p", verdict.decision === "block" ? "不能发送" : "请留意", "title");
    marked(line(section, "p"), text, findings);
    const list = line(section, "ul");
    for (const finding of findings.slice(0, 3)) {
      const item = line(list, "li", finding.message);
      const cited = finding.citations[0];
      if (cited) {
        const label = cited.verification ? `（${cited.verification}）` : "";
        line(item, "br");
        line(item, "small", `${cited.document}${cited.clause || ""}${label}`);
      }
    }
    if (verdict.rewrite) {
      line(section, "div", verdict.rewrite.text, "rewrite");
      if (editor) {
        line(section, "button", "用这句", "accept").addEventListener("click", () => {
          write(editor, verdict.rewrite.text);
          hide();
        });
      }
    }
    line(section, "button", "知道了").addEventListener("click", hide);
  }

  function marked(parent, text, findings) {
    let position = 0;
    for (const finding of [...findings].sort((a, b) => a.start_utf16 - b.start_utf16)) {
      if (finding.start_utf16 < position) continue;
      parent.append(text.slice(position, finding.start_utf16));
      line(parent, "mark", text.slice(finding.start_utf16, finding.end_utf16));
      position = finding.end_utf16;
    }
    parent.append(text.slice(position));
  }
})();
