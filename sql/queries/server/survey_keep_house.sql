-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT survey.keep_house()
