// What the person chose above: platform, shop, and what is known of the order.

import { getJson } from "./api.js";
import { el } from "./el.js";

const field = (id) => document.getElementById(id);
const FACTS = ["order_status", "category", "buyer_asked"];

/** Return the part of a request that says where a message goes. */
export function where() {
  const context = {};
  for (const name of FACTS) if (field(name).value) context[name] = field(name).value;
  const shop = field("profile").value;
  return { platform: field("platform").value, context, ...(shop && { profile: shop }) };
}

export const platform = () => field("platform").value;
export const platformName = (id) => document.querySelector(`#platform option[value=${id}]`)?.textContent ?? id;

export function onChange(act) {
  field("where").addEventListener("change", act);
}

/** Remember the platform, and offer the shops that the service knows. */
export async function prepare() {
  const kept = localStorage.getItem("compliance-platform");
  if (kept && document.querySelector(`#platform option[value="${CSS.escape(kept)}"]`)) field("platform").value = kept;
  onChange(() => localStorage.setItem("compliance-platform", platform()));
  const { profiles } = await getJson("v1/profiles").catch(() => ({ profiles: [] }));
  field("profile").append(...profiles.map((shop) => el("option", { value: shop.id }, shop.name || shop.id)));
  field("profile-field").hidden = profiles.length === 0;
}
