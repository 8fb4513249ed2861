package main

func render(dir, path string) error { _, err := load(dir); _ = path; return err }
