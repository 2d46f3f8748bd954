"""Pack the Rocket.Chat app: ``python integrations/rocketchat/pack.py OUT [--essential]``.

Needs Node.js and ``npm ci`` in this folder. Writes ``OUT/chat-compliance.zip``, which an administrator uploads.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
BUNDLE = HERE / "build" / "ComplianceApp.js"


def pack(out: Path, *, essential: bool = False) -> Path:
    """Check the types, bundle the sources and write the package; return its path.

    Args:
        out: folder, made if need be.
        essential: have Rocket.Chat refuse every message of everybody while the app is installed but disabled.

    Raises:
        FileNotFoundError: npm or the installed packages are missing.
        subprocess.CalledProcessError: the sources do not compile.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is not installed")
    if not (HERE / "node_modules").is_dir():
        raise FileNotFoundError(f"run: npm ci --ignore-scripts --prefix {HERE}")
    subprocess.run([npm, "run", "--silent", "build"], cwd=HERE, check=True)
    info = json.loads((HERE / "app.json").read_text("utf-8"))
    if essential:
        info["essentials"] = info["implements"]
    out.mkdir(parents=True, exist_ok=True)
    package = out / "chat-compliance.zip"
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("app.json", json.dumps(info, ensure_ascii=False, indent=2) + "\n")
        archive.write(BUNDLE, info["classFile"])
        for language in sorted((HERE / "i18n").glob("*.json")):
            archive.write(language, f"i18n/{language.name}")
    return package


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Pack the Rocket.Chat app.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--essential", action="store_true", help="no message of anybody while the app is disabled")
    given = parser.parse_args()
    try:
        print(pack(given.out, essential=given.essential))
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))
