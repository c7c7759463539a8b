namespace DrMesh.Core;

/// <summary>Names this assembly for tests and wiring. Core holds decisions only: no Orleans runtime, no I/O, no clock.</summary>
public static class CoreAssembly;
