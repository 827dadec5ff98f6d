-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT name FROM register.operator WHERE name <> ''
