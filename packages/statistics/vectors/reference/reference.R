# What lme4, eRm and survival make of the runs in ../cyber-horizons/runs.csv and simulated-times.csv.
# Run in this folder: Rscript reference.R. Writes lme4.csv, erm-items.csv, erm-persons.csv,
# survival-curve.csv, survival-mean.csv and versions.txt.
suppressMessages({library(lme4); library(eRm); library(survival)})
options(digits = 15)
put <- function(table, file) write.csv(format(table, digits = 15, trim = TRUE), file,
                                       row.names = FALSE, quote = FALSE)

wide <- read.csv("../cyber-horizons/runs.csv", check.names = FALSE)
models <- names(wide)[-(1:4)]
long <- do.call(rbind, lapply(models, function(m) data.frame(task = wide$task, model = m, y = wide[[m]])))
long <- long[!is.na(long$y), ]
long$model <- factor(long$model, levels = models)
careful <- glmerControl(optimizer = "bobyqa", optCtrl = list(maxfun = 1e6, rhoend = 1e-9))
fit <- glmer(y ~ 0 + model + (1 | task), long, binomial, nAGQ = 25, control = careful)
rows <- data.frame(nodes = 25, model = models, logit = fixef(fit), logitError = sqrt(diag(as.matrix(vcov(fit)))),
                   deviation = sqrt(unlist(VarCorr(fit))[1]), logLikelihood = as.numeric(logLik(fit)))
put(rows, "lme4.csv")

# The Rasch model, with tasks in the place of persons: the ten models tried at most tasks.
ten <- c("Claude 3 Opus", "GPT-4o", "Opus 4", "Gemini 2.5 Pro", "DeepSeek V3.1", "GPT-5.1 Codex Max",
         "GPT-5.2 Codex", "GPT-5.3 Codex", "Opus 4.6", "Sonnet 4.6")
X <- as.matrix(wide[, ten]); rownames(X) <- wide$task
X <- X[complete.cases(X), ]
X <- X[rowSums(X) > 0 & rowSums(X) < ncol(X), ]
rasch <- RM(X)
persons <- person.parameter(rasch)
items <- itemfit(persons); people <- personfit(persons)
put(data.frame(model = ten, easiness = rasch$betapar, infit = items$i.infitMSQ, outfit = items$i.outfitMSQ,
               infitZ = items$i.infitZ, outfitZ = items$i.outfitZ), "erm-items.csv")
theta <- persons$thetapar[[1]]
put(data.frame(task = names(people$p.infitMSQ), ability = as.numeric(theta), abilityError = as.numeric(persons$se.theta[[1]]),
               infit = people$p.infitMSQ,
               outfit = people$p.outfitMSQ, infitZ = people$p.infitZ, outfitZ = people$p.outfitZ), "erm-persons.csv")

times <- read.csv("simulated-times.csv")
curve <- survfit(Surv(spent, solved) ~ 1, times[times$end != "ended", ], conf.type = "log-log")
put(data.frame(spent = curve$time, atRisk = curve$n.risk, solved = 1 - curve$surv, error = curve$std.err * curve$surv,
               low = 1 - curve$upper, high = 1 - curve$lower), "survival-curve.csv")
mean <- summary(curve, rmean = 40)$table
times$state <- factor(times$end, levels = c("censored", "solved", "ended"))
states <- survfit(Surv(spent, state) ~ 1, times)
which <- match("solved", states$states)
put(data.frame(spent = states$time, solved = states$pstate[, which]), "survival-states.csv")
put(data.frame(upTo = 40, mean = mean[["rmean"]], error = mean[["se(rmean)"]], median = mean[["median"]]), "survival-mean.csv")

writeLines(c(R.version.string, paste(c("lme4", "eRm", "survival"),
  sapply(c("lme4", "eRm", "survival"), function(p) as.character(packageVersion(p))))), "versions.txt")
