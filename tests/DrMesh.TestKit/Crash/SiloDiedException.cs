namespace DrMesh.TestKit.Crash;

/// <summary>What a call of a dead silo, or the call a crash strikes, ends with.</summary>
[GenerateSerializer, Alias("drmesh.test.silo-died")]
public sealed class SiloDiedException(string silo) : Exception($"the crash kit struck at {silo}");
