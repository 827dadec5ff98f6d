# SPDX-License-Identifier: GPL-3.0-or-later
# Results of samordning as data frames, with the card that says what the numbers are. One file; needs the package jsonlite and
# the program curl.
#
#     source("samordning.R")
#     api <- samordning("https://samordning.example.no", token)        # or SAMORDNING_URL and SAMORDNING_TOKEN
#     result <- samordning_result(api, "centrality", "from=2025-01-01 to=2026-01-01")
#     actors <- result$tables$centrality
#     attr(actors, "card")$watermark
#     attr(actors$betweenness, "definition")

samordning <- function(url = Sys.getenv("SAMORDNING_URL"), token = Sys.getenv("SAMORDNING_TOKEN"),
                       authority = Sys.getenv("SAMORDNING_AUTHORITY")) {
  stopifnot(nzchar(url), nzchar(token))
  list(url = sub("/+$", "", url), token = token, authority = authority)
}

# One request: list(status, body). The token goes through a file, because arguments of programs are seen by everybody.
samordning_get <- function(api, path, ...) {
  query <- Filter(function(value) nzchar(value), lapply(list(...), as.character))
  address <- paste0(api$url, path)
  if (length(query) > 0) {
    address <- paste0(address, "?", paste0(names(query), "=", vapply(query, utils::URLencode, "", reserved = TRUE), collapse = "&"))
  }
  config <- tempfile()
  body <- tempfile()
  on.exit(unlink(c(config, body)))
  old <- Sys.umask("077")
  writeLines(c(sprintf('header = "Authorization: Bearer %s"', api$token), 'header = "Accept: application/json"',
               if (nzchar(api$authority)) sprintf('cacert = "%s"', api$authority)), config)
  Sys.umask(old)
  status <- system2("curl", c("--silent", "--show-error", "--config", shQuote(config), "--output", shQuote(body),
                              "--write-out", "'%{http_code}'", shQuote(address)), stdout = TRUE)
  if (!is.null(attr(status, "status"))) stop(sprintf("no answer from %s", api$url)) # curl has said why
  parsed <- jsonlite::fromJSON(body, simplifyVector = FALSE)
  if (as.integer(status) >= 400) {
    stop(sprintf("%s: %s", sub(".*:", "", parsed$type), if (is.null(parsed$detail)) parsed$title else parsed$detail))
  }
  list(status = as.integer(status), body = parsed)
}

samordning_frame <- function(table, card) {
  columns <- lapply(table$columns, function(column) {
    values <- if (isTRUE(column$is_text)) vapply(column$texts, function(text) if (nzchar(text)) text else NA_character_, "")
              else vapply(column$numbers, function(number) if (is.null(number)) NA_real_ else as.numeric(number), 0)
    attr(values, "unit") <- column$unit
    attr(values, "definition") <- column$definition
    attr(values, "source") <- column$source
    values
  })
  names(columns) <- vapply(table$columns, function(column) column$name, "")
  frame <- as.data.frame(columns, check.names = FALSE, stringsAsFactors = FALSE)
  attr(frame, "card") <- card
  frame
}

# Waits until it is computed.
samordning_result <- function(api, family, spec = "", lang = "", wait = 30) {
  repeat {
    answer <- samordning_get(api, paste0("/v1/results/", family), spec = spec, lang = lang, wait = wait)
    if (answer$status == 200) break
  }
  message <- answer$body
  tables <- lapply(message$tables, samordning_frame, card = message$card)
  names(tables) <- vapply(message$tables, function(table) table$name, "")
  list(id = message$id, card = message$card, tables = tables)
}
