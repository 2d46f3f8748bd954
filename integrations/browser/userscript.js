// Transport of the userscript: its manager may call this machine from an https page.
const DEFAULTS = { service: "http://127.0.0.1:8321", key: "", unavailable: "refuse", timeout: 1500 };
const transport = {
  ask(text, platform) {
    const { service, key, timeout } = { ...DEFAULTS, ...GM_getValue("settings", {}) };
    return new Promise((resolve, reject) =>
      GM_xmlhttpRequest({
        method: "POST",
        url: `${service.replace(/\/+$/, "")}/v1/lint`,
        headers: { "Content-Type": "application/json", ...(key && { Authorization: `Bearer ${key}` }) },
        data: JSON.stringify({ text, platform }),
        timeout,
        onload: (answer) => (answer.status === 200 ? resolve(JSON.parse(answer.responseText)) : reject(answer.status)),
        onerror: reject,
        ontimeout: reject,
      }),
    );
  },
  settings: async () => ({ ...DEFAULTS, ...GM_getValue("settings", {}) }),
  unchecked: () => GM_setValue("unchecked", GM_getValue("unchecked", 0) + 1),
};
GM_registerMenuCommand("检查服务的地址", () => {
  const known = { ...DEFAULTS, ...GM_getValue("settings", {}) };
  const service = prompt("检查服务的地址", known.service);
  if (service) GM_setValue("settings", { ...known, service });
});
