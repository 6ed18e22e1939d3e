"""Any embedding model that LiteLLM reaches, as an Embedder."""

import asyncio
import math
from collections.abc import Sequence

import router.litellm_model  # noqa: F401 (prepares LiteLLM's import: no price list from the internet, quiet loggers)
import litellm

from router.index import IndexFailure, Reason, Vector

DEADLINE_S = 5.0
