"""How long partners stay and stay away, with spells that the horizon cut off (Kaplan-Meier [1]_).

References
----------
.. [1] Kaplan & Meier (1958). Nonparametric estimation from incomplete observations. JASA 53.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

#: Measure of each kind of spell.
DURATION_MEASURES = {"away": "weeks_away_km", "active": "time_to_exit_km"}
ALL_PARTNERS = "all"


def kaplan_meier(weeks: ArrayLike, observed: ArrayLike, at: float = 0.5) -> float:
    """Time by which a share of the spells has ended, unfinished spells counted for what they tell.

    Parameters
    ----------
    weeks
        Length of each spell as far as it was seen.
    observed
        Whether its end was seen; False where the horizon cut it off.
    at
        Share of spells that has ended, 0.5 for the median.

    Returns
    -------
    float
        NaN if the curve does not come that far.
    """
    from scipy import stats  # slow to import, and rarely needed

    length, seen = np.asarray(weeks, dtype=float), np.asarray(observed, dtype=bool)
    if not seen.any():
        return math.nan
    ended = stats.ecdf(stats.CensoredData(uncensored=length[seen], right=length[~seen])).cdf
    # A step that lies on the mark up to rounding counts as reaching it.
    reached = np.asarray(ended.probabilities) >= at - 1e-12
    return float(ended.quantiles[reached.argmax()]) if reached.any() else math.nan


def spells(durations: pd.DataFrame) -> pd.DataFrame:
    """Summarise the spells of one scenario: by kind, for all partnerships together and one by one.

    Parameters
    ----------
    durations
        Columns kind, partner, weeks, observed.

    Returns
    -------
    pandas.DataFrame
        Columns measure, partner ("all" first), median, p10, p90 (weeks), spells, censored (share).
    """
    rows = []
    for kind, measure in DURATION_MEASURES.items():
        of_kind = durations[durations["kind"] == kind]
        partners = sorted(str(name) for name in of_kind["partner"].unique())
        for partner in [ALL_PARTNERS, *(partners if len(partners) > 1 else [])]:
            found = of_kind if partner == ALL_PARTNERS else of_kind[of_kind["partner"] == partner]
            weeks, observed = found["weeks"].to_numpy(float), found["observed"].to_numpy(bool)
            median, p10, p90 = (kaplan_meier(weeks, observed, at) for at in (0.5, 0.1, 0.9))
            censored = 1.0 - float(observed.mean()) if len(found) else math.nan
            rows.append((measure, partner, median, p10, p90, len(found), censored))
    return pd.DataFrame(rows, columns=["measure", "partner", "median", "p10", "p90", "spells", "censored"])
