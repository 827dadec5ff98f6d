-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many changes the register has seen. Not the highest id: a transaction that took a lower one may be committed later.
SELECT count(*) FROM register.change
