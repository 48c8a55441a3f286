"""What mirt (PyPI) makes of the runs in ../cyber-horizons/runs.csv: 2PL by marginal likelihood, EM.

Tasks stand in the place of persons and ten models in that of items, so that there are enough of them
to fit slopes without a prior. mirt holds slopes below 5, which those of these models are not: its bound
is raised. Run in this folder: python3 reference.py. Writes two-parameter.csv.
"""
import csv
import importlib.metadata
import mirt
import mirt.estimation.base as base
import numpy as np

TEN = ["Claude 3 Opus", "GPT-4o", "Opus 4", "Gemini 2.5 Pro", "DeepSeek V3.1", "GPT-5.1 Codex Max",
       "GPT-5.2 Codex", "GPT-5.3 Codex", "Opus 4.6", "Sonnet 4.6"]
rows = list(csv.DictReader(open("../cyber-horizons/runs.csv")))
data = np.array([[int(row[m]) for m in TEN] for row in rows if all(row[m] for m in TEN)])
base._ITEM_PARAMETER_BOUNDS["discrimination"] = (0.1, 50.0)
fit = mirt.fit_mirt(data, model="2PL", n_quadpts=121, max_iter=400, tol=1e-8,
                    item_names=TEN, compute_standard_errors=False, use_rust=False)
slopes = np.ravel(fit.model.parameters["discrimination"])
difficulties = np.ravel(fit.model.parameters["difficulty"])
with open("two-parameter.csv", "w") as out:
    out.write("model,slope,difficulty,logLikelihood\n")
    for m, a, b in zip(TEN, slopes, difficulties):
        out.write(f"{m},{a:.9f},{b:.9f},{fit.log_likelihood:.6f}\n")
with open("two-parameter-versions.txt", "w") as out:
    out.write(f"mirt {importlib.metadata.version('mirt')}\nnumpy {np.__version__}\n")
