"""Made-up packages of any size, lifelike and always right: for the demo and the benchmarks."""
