"""How the twin of CINGAI 2023 was calibrated: integer programs that meet the printed figures."""
