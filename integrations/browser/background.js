// The extension's service worker: keeps the settings and asks the lint service.
"use strict";

const DEFAULTS = { service: "http://127.0.0.1:8321", key: "", unavailable: "refuse", timeout: 1500, unchecked: 0 };

async function lint(text, platform) {
  const { service, key, timeout } = await chrome.storage.local.get(DEFAULTS);
  const headers = { "Content-Type": "application/json", ...(key && { Authorization: `Bearer ${key}` }) };
  const answer = await fetch(`${service.replace(/\/+$/, "")}/v1/lint`, {
    method: "POST",
    headers,
    body: JSON.stringify({ text, platform }),
    signal: AbortSignal.timeout(timeout),
  });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

async function unchecked() {
  const { unchecked: count } = await chrome.storage.local.get(DEFAULTS);
  await chrome.storage.local.set({ unchecked: count + 1 });
  await chrome.action.setBadgeText({ text: String(count + 1) });
}

chrome.runtime.onMessage.addListener((message, _sender, reply) => {
  const work = {
    lint: () => lint(message.text, message.platform).then((verdict) => ({ verdict })),
    settings: () => chrome.storage.local.get(DEFAULTS),
    unchecked,
  }[message.kind];
  Promise.resolve(work && work()).then(reply, () => reply({}));
  return true; // the reply comes later
});
