"""What the processes of emulation and commendation share: catalogue, rules, dossiers, council, decisions."""
