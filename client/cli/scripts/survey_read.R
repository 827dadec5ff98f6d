# SPDX-License-Identifier: GPL-3.0-or-later
# Reads this folder into R with its labels. Needs nothing but R itself.
#
#   source("read.R")
#   answers <- read_survey(".", language = "nb")
#   table(survey_item(answers, "possibilities_used"), useNA = "ifany")
#   survey_missing(answers, "possibilities_used")

.survey_read <- function(directory, name) {
  data <- read.csv(file.path(directory, name), colClasses = "character", na.strings = character(0), encoding = "UTF-8",
                   fileEncoding = "UTF-8", check.names = FALSE)
  # An apostrophe was put before what a spreadsheet would have calculated.
  data[] <- lapply(data, function(column) sub("^'([=+@\t\r-])", "\\1", column))
  data
}

# One row for each value, item and target; `state` tells the kinds of missing apart, `label` is in the language asked for.
read_survey <- function(directory = ".", language = "nb") {
  answers <- .survey_read(directory, "answers.csv")
  codebook <- .survey_read(directory, "codebook.csv")
  labels <- codebook[[paste0("label_", language)]]
  if (is.null(labels)) stop("no labels in language ", language)
  labels <- ifelse(labels == "", codebook$label_nb, labels)
  states <- codebook$entry == "state"
  values <- codebook$entry == "value"
  variables <- codebook$entry == "variable"
  answers$label <- labels[values][match(paste(answers$item, answers$value), paste(codebook$variable, codebook$value)[values])]
  answers$value <- as.numeric(ifelse(answers$value == "", NA, answers$value))
  answers$position <- as.integer(ifelse(answers$position == "", NA, answers$position))
  answers$state <- factor(answers$state, levels = codebook$code[states])
  attr(answers, "states") <- setNames(labels[states], codebook$code[states])
  attr(answers, "variables") <- setNames(labels[variables], codebook$variable[variables])
  attr(answers, "values") <- data.frame(item = codebook$variable[values], value = as.numeric(codebook$value[values]),
                                        label = labels[values])
  answers
}

# What was answered to one item: a factor with the labels in their order where it has choices, else numbers or text. The names are
# respondent and target. Every kind of missing is NA; survey_missing() says which.
survey_item <- function(answers, item) {
  rows <- answers[answers$item == item, ]
  if (nrow(rows) == 0) stop("no item ", item)
  values <- attr(answers, "values")
  values <- values[values$item == item, ]
  given <- rows$state == "given"
  if (nrow(values) > 0) {
    out <- factor(ifelse(given, rows$value, NA), levels = values$value, labels = make.unique(values$label))
  } else if (any(!is.na(rows$value))) {
    out <- ifelse(given, rows$value, NA)
  } else {
    out <- ifelse(given, rows$text, NA)
  }
  names(out) <- ifelse(rows$target == "", rows$respondent, paste(rows$respondent, rows$target))
  attr(out, "label") <- unname(attr(answers, "variables")[item])
  out
}

# How often each state occurs among the answers to one item; one choice of several counts once.
survey_missing <- function(answers, item) {
  rows <- answers[answers$item == item & (is.na(answers$position) | answers$position == 1), ]
  counts <- table(rows$state)
  names(counts) <- attr(answers, "states")[names(counts)]
  counts
}
