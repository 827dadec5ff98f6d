/* SPDX-License-Identifier: GPL-3.0-or-later
 * The report's style sheet: light, dark and print, contrast at least AA, no colour that carries meaning alone.
 */
#ifndef SAMORDNING_STYLE_H
#define SAMORDNING_STYLE_H

extern const char style_css[];         /* holds no <, > or & */
extern const char style_picture_css[]; /* of pictures that stand alone, on paper */

#endif
