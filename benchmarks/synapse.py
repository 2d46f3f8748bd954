"""Latency of sending a message through a real Synapse: without the module, with it embedded, with it and the service.

Run as ``python -m benchmarks.synapse``. The three servers run side by side and take turns, so that a noisy machine
troubles all alike.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.hooks.homeserver import User, homeserver, register
from tests.hooks.service import Service

_ROUNDS = 200
_TEXT = "亲，您的订单今天下午发出，请留意物流信息 {}"


def main() -> None:
    """Print median and 95th percentile per server, and what the module adds."""
    agents = {"platform": "pdd", "agents": ["@agent:shop\\.test"]}
    with ExitStack() as stack:
        service = Service()
        service.start()
        stack.callback(service.kill)
        modules = {
            "without the module": [],
            "embedded": [agents],
            "through the service": [{**agents, "service": service.url}],
        }
        chats: dict[str, tuple[User, str]] = {}
        for name, configs in modules.items():
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            loaded = [{"module": "compliance.hooks.synapse.ComplianceModule", "config": config} for config in configs]
            agent = register(stack.enter_context(homeserver(folder, loaded)), "agent")
            chats[name] = agent, agent.create_room("@x:shop.test")
        times: dict[str, list[float]] = {name: [] for name in chats}
        for number in range(_ROUNDS):
            for name, (agent, room) in chats.items():
                start = time.perf_counter()
                status, body = agent.send(room, _TEXT.format(number))
                times[name].append(1000 * (time.perf_counter() - start))
                assert status == 200, (name, number, body)
    bare = statistics.median(times["without the module"])
    for name, taken in times.items():
        median, late = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        print(f"{name:22}median {median:6.2f} ms   p95 {late:6.2f} ms   added {median - bare:+6.2f} ms")


if __name__ == "__main__":
    main()
