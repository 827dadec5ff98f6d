-- SPDX-License-Identifier: GPL-3.0-or-later
DELETE FROM report.touched WHERE id = ANY ($1)
