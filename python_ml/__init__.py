"""What SQL cannot do: fit, score, explain.

The modules here know data frames and nothing of dbt; those in :mod:`python_ml.edge`
connect them to dbt, the lake and the command line.
"""

import os

# LightGBM's threads sleep while they wait for one another. Left alone they spin, and
# a neighbour on the same cores doubles the time of a fit. Read when it is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
