"""The verbs: one file for each public function, with the JSON object it prints."""
