/* SPDX-License-Identifier: GPL-3.0-or-later
 * Style sheets and scripts of the form and of the pages, and their icon: built by client/web, compressed and embedded at build
 * time.
 *
 * Their names hold a digest of their content, so browsers keep them for ever and never ask again.
 */
#ifndef SAMORDNING_WEB_ASSETS_H
#define SAMORDNING_WEB_ASSETS_H

struct web_exchange;

enum web_asset {
    WEB_ASSET_STYLE,
    WEB_ASSET_SCRIPT,
    WEB_ASSET_ICON,
    WEB_ASSET_EXPLORE_STYLE,
    WEB_ASSET_EXPLORE_SCRIPT,
    WEB_ASSET_EXPLORE_NB, /* what the analysis says, translated */
    WEB_ASSET_EXPLORE_NN,
    WEB_ASSET_EXPLORE_EN,   /* the sentences with numbers in them */
    WEB_ASSET_EXPLORE_PAGE, /* the shell of every page below /explore; it names those above */
    WEB_ASSET_COUNT
};

const char *web_asset_path(enum web_asset asset);       /* "/static/form.1a2b3c4d5e6f.css" */
void web_asset_answer(struct web_exchange *exchange);   /* /static/{name} */
void web_explore_answer(struct web_exchange *exchange); /* /explore/{view}: the same bytes for each; they hold no data */

#endif
