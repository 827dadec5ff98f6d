-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT EXISTS (SELECT FROM knowledge.job WHERE state = 'waiting' AND ($1 = 0 OR id = $1))
