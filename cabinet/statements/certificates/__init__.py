"""«Справка»: issued to a holder, checked by anybody who has its code."""
