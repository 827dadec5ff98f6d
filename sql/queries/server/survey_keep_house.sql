-- SPDX-License-Identifier: GPL-3.0-or-later
-- What is done by the clock; true: tables wait to be scrubbed.
SELECT survey.keep_house()
