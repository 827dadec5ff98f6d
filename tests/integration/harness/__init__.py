# SPDX-License-Identifier: GPL-3.0-or-later
"""What the end-to-end tests stand on: a throw-away daemon, databases, certificates, the real client, and a raw one."""
