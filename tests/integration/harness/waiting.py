# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for a condition with a deadline; tests never just sleep."""
import time

SLOWNESS = 1.0  # conftest raises it for sanitizer builds


def wait_until(condition, deadline=20.0, what=None, interval=0.02):
    """Calls condition() until it returns something true, and returns that. Exceptions it raises count as "not yet"."""
    end = time.monotonic() + deadline * SLOWNESS
    last = None
    while True:
        try:
            value = condition()
            if value:
                return value
            last = None
        except Exception as error:  # kept for the message when the deadline passes
            last = error
        if time.monotonic() > end:
            what = what() if callable(what) else what
            message = f"not within {deadline * SLOWNESS:.0f} s: {what or getattr(condition, '__name__', 'condition')}"
            raise TimeoutError(message + (f" (last: {last!r})" if last else ""))
        time.sleep(interval)
        interval = min(interval * 1.3, 0.25)
