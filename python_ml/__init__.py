"""What SQL cannot do: fit, score, explain.

The modules here know data frames and nothing of dbt; those in :mod:`python_ml.edge`
connect them to dbt, the lake and the command line.
"""

import os

# LightGBM's threads wait for one another by spinning, by default so long that a
# neighbour on the same cores makes a fit ten times slower; a short spin costs a free
# machine nothing. Read when LightGBM is loaded.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
