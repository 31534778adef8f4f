"""«Как получилась эта сумма»: a bill in plain words, by figures that add up. Billing's own win."""
