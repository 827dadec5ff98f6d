-- SPDX-License-Identifier: GPL-3.0-or-later
DELETE FROM knowledge.share WHERE id = $1
