-- SPDX-License-Identifier: GPL-3.0-or-later
UPDATE report.touched SET gist = NULL WHERE id = ANY ($1)
