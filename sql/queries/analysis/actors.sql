-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT id, key, kind FROM register.actor
