"""Build the extension and the userscript from one source: ``python integrations/browser/build.py OUT``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).parent
NAME, VERSION = "聊天合规检查", "0.1.0"
_GRANTS = ("GM_xmlhttpRequest", "GM_getValue", "GM_setValue", "GM_registerMenuCommand")
_COPIED = ("background.js", "options.html", "options.js")


def build(out: Path, consoles: Path = HERE / "consoles.json", settings: str = "") -> None:
    """Write ``extension/`` and ``compliance.user.js`` below ``out``; ``settings`` is put behind the transport."""
    described = json.loads(consoles.read_text("utf-8"))
    data = f"const CONSOLES = {json.dumps(described, ensure_ascii=False, indent=1)};\n"
    guard = (HERE / "guard.js").read_text("utf-8")
    extension = out / "extension"
    extension.mkdir(parents=True, exist_ok=True)
    for name in _COPIED:
        (extension / name).write_text((HERE / name).read_text("utf-8"), "utf-8")
    content = "\n".join([data, (HERE / "extension.js").read_text("utf-8"), settings, guard])
    (extension / "content.js").write_text(content, "utf-8")
    manifest = json.dumps(_manifest(described), ensure_ascii=False, indent=2)
    (extension / "manifest.json").write_text(manifest + "\n", "utf-8")
    script = "\n".join([_header(described), data, (HERE / "userscript.js").read_text("utf-8"), settings, guard])
    (out / "compliance.user.js").write_text(script, "utf-8")


def _manifest(consoles: list[dict[str, Any]]) -> dict[str, Any]:
    patterns = [pattern for console in consoles for pattern in console["match"]]
    return {
        "manifest_version": 3,
        "name": NAME,
        "version": VERSION,
        "description": "发送之前检查客服消息：能不能发、违反哪条规则、可以怎么说。",
        "permissions": ["storage"],
        "host_permissions": ["http://127.0.0.1/*", "http://localhost/*"],
        "optional_host_permissions": ["https://*/*"],
        "background": {"service_worker": "background.js"},
        "action": {"default_title": NAME},
        "options_page": "options.html",
        "content_scripts": [
            {
                "matches": sorted({_whole_host(pattern) for pattern in patterns}),
                "js": ["content.js"],
                "run_at": "document_start",
                "all_frames": True,
                "match_about_blank": True,
            }
        ],
    }


def _whole_host(pattern: str) -> str:
    """Return the pattern of all pages of a host: single-page consoles change their path without a load."""
    parts = urlsplit(pattern)
    return f"{parts.scheme}://{parts.hostname}/*"


def _header(consoles: list[dict[str, Any]]) -> str:
    lines = [f"// @name {NAME}", f"// @version {VERSION}", "// @run-at document-start"]
    lines += [f"// @match {_whole_host(pattern)}" for console in consoles for pattern in console["match"]]
    lines += [
        f"// @grant {name}" for name in ("GM_xmlhttpRequest", "GM_getValue", "GM_setValue", "GM_registerMenuCommand")
    ]
    lines += ["// @connect 127.0.0.1", "// @connect localhost"]
    return "\n".join(["// ==UserScript==", *lines, "// ==/UserScript=="])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: build.py OUT")
    build(Path(sys.argv[1]))
