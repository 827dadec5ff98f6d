-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT name, 'data:' || logo_type || ';base64,' || translate(encode(logo, 'base64'), E'\n', '') FROM register.operator
