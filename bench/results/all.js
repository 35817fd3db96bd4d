// Made by `pnpm bench`: every kept run, for plots.html.
globalThis.runs = [
{
 "at": "2026-11-21T12:16:32.899Z",
 "command": "pnpm bench --runs 1 --only a,b,c,d,e,f,g,h,i,j,k,l,m --with holdfast,raw-rows,raw-packed,raw-log,bare-sse,bare-websocket,bare-handler --note A first picture, one run, on a machine of two cores that several other people used at the same time: not a result.",
 "commit": "3c319bf",
 "note": "A first picture, one run, on a machine of two cores that several other people used at the same time: not a result.",
 "quick": false,
 "records": 100000,
 "machine": {
  "cpu": "AMD EPYC",
  "cores": 2,
  "memoryGB": 24,
  "os": "linux 6.18.44-fc-v595",
  "node": "v24.21.0",
  "chromium": "Chromium 153.0.8010.0",
  "loadBefore": 7.99
 },
 "contenders": [
  {
   "name": "holdfast",
   "kind": "holdfast",
   "versions": {}
  },
  {
   "name": "raw-rows",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-packed",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-log",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-sse",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-websocket",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-handler",
   "kind": "limit",
   "versions": {}
  }
 ],
 "rows": [
  {
   "key": "a",
   "title": "bulk insert by local transactions of 1,000, durable, queued for sync",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≥ 100,000",
     "bound": 100000,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "relaxed": {
       "median": 15925.405401105021,
       "min": 15925.405401105021,
       "max": 15925.405401105021,
       "samples": [
        15925.405401105021
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "relaxed": {
       "median": 6479.80633155049,
       "min": 6479.80633155049,
       "max": 6479.80633155049,
       "samples": [
        6479.80633155049
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "relaxed": {
       "median": 198710.36970170191,
       "min": 198710.36970170191,
       "max": 198710.36970170191,
       "samples": [
        198710.36970170191
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "b",
   "title": "page load → first result of a list’s open records, newest 50",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "new browser",
     "says": "≤ 100",
     "bound": 100,
     "met": false
    },
    {
     "measure": "reload",
     "says": "≤ 50",
     "bound": 50,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "new browser": {
       "median": 3911.594999998808,
       "min": 3911.594999998808,
       "max": 3911.594999998808,
       "samples": [
        3911.594999998808
       ]
      },
      "reload": {
       "median": 2667.1500000059605,
       "min": 2667.1500000059605,
       "max": 2667.1500000059605,
       "samples": [
        2667.1500000059605
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "new browser": {
       "median": 360.1599999964237,
       "min": 360.1599999964237,
       "max": 360.1599999964237,
       "samples": [
        360.1599999964237
       ]
      },
      "reload": {
       "median": 20.219999998807907,
       "min": 20.219999998807907,
       "max": 20.219999998807907,
       "samples": [
        20.219999998807907
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "new browser": {
       "median": 197.14500000327826,
       "min": 197.14500000327826,
       "max": 197.14500000327826,
       "samples": [
        197.14500000327826
       ]
      },
      "reload": {
       "median": 183.64000000059605,
       "min": 183.64000000059605,
       "max": 183.64000000059605,
       "samples": [
        183.64000000059605
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "c",
   "title": "that query warm, another list each time",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 0.3700000047683716,
       "min": 0.3700000047683716,
       "max": 0.3700000047683716,
       "samples": [
        0.3700000047683716
       ]
      },
      "p95": {
       "median": 0.42499999701976776,
       "min": 0.42499999701976776,
       "max": 0.42499999701976776,
       "samples": [
        0.42499999701976776
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "median": {
       "median": 2.375,
       "min": 2.375,
       "max": 2.375,
       "samples": [
        2.375
       ]
      },
      "p95": {
       "median": 6.8950000032782555,
       "min": 6.8950000032782555,
       "max": 6.8950000032782555,
       "samples": [
        6.8950000032782555
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "median": {
       "median": 0.8049999997019768,
       "min": 0.8049999997019768,
       "max": 0.8049999997019768,
       "samples": [
        0.8049999997019768
       ]
      },
      "p95": {
       "median": 4.879999995231628,
       "min": 4.879999995231628,
       "max": 4.879999995231628,
       "samples": [
        4.879999995231628
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "d",
   "title": "one-field update until durable",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≤ 1.2 × the log",
     "bound": 0.5340000003576278,
     "met": false
    },
    {
     "measure": "strict",
     "says": "≤ 1.2 × the log",
     "bound": 1.1219999939203262,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "relaxed": {
       "median": 1.1599999964237213,
       "min": 1.1599999964237213,
       "max": 1.1599999964237213,
       "samples": [
        1.1599999964237213
       ]
      },
      "strict": {
       "median": 1.994999997317791,
       "min": 1.994999997317791,
       "max": 1.994999997317791,
       "samples": [
        1.994999997317791
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "relaxed": {
       "median": 0.7049999982118607,
       "min": 0.7049999982118607,
       "max": 0.7049999982118607,
       "samples": [
        0.7049999982118607
       ]
      },
      "strict": {
       "median": 0.9200000017881393,
       "min": 0.9200000017881393,
       "max": 0.9200000017881393,
       "samples": [
        0.9200000017881393
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {
      "relaxed": {
       "median": 0.4450000002980232,
       "min": 0.4450000002980232,
       "max": 0.4450000002980232,
       "samples": [
        0.4450000002980232
       ]
      },
      "strict": {
       "median": 0.9349999949336052,
       "min": 0.9349999949336052,
       "max": 0.9349999949336052,
       "samples": [
        0.9349999949336052
       ]
      }
     }
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "e",
   "title": "update → live query callback has it (before durability)",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 0.20499999821186066,
       "min": 0.20499999821186066,
       "max": 0.20499999821186066,
       "samples": [
        0.20499999821186066
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {
      "median": {
       "median": 0.6799999997019768,
       "min": 0.6799999997019768,
       "max": 0.6799999997019768,
       "samples": [
        0.6799999997019768
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "f",
   "title": "heap after the first result, everything resident",
   "unit": "MB",
   "better": "less",
   "targets": [
    {
     "measure": "heap",
     "says": "≤ 30",
     "bound": 30,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "heap": {
       "median": 155.056813,
       "min": 155.056813,
       "max": 155.056813,
       "samples": [
        155.056813
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {
      "heap": {
       "median": 23.919791,
       "min": 23.919791,
       "max": 23.919791,
       "samples": [
        23.919791
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "g",
   "title": "bundle of what this takes, sync included, minified and gzipped",
   "unit": "kB",
   "better": "less",
   "targets": [
    {
     "measure": "size",
     "says": "≤ 20",
     "bound": 20,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "size": {
       "median": 41.77,
       "min": 41.77,
       "max": 41.77,
       "samples": [
        41.77
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "h",
   "title": "first sync to a fresh client, until it can be asked for and is stored",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "all",
     "says": "≥ 0.65 × the limit",
     "bound": 112202.4477405335,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "all": {
       "median": 13545.07903893121,
       "min": 13545.07903893121,
       "max": 13545.07903893121,
       "samples": [
        13545.07903893121
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "all": {
       "median": 6573.852632630249,
       "min": 6573.852632630249,
       "max": 6573.852632630249,
       "samples": [
        6573.852632630249
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "all": {
       "median": 172619.15037005153,
       "min": 172619.15037005153,
       "max": 172619.15037005153,
       "samples": [
        172619.15037005153
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "i",
   "title": "A updates → B’s live query has it, loopback, stored on both sides and the server",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 1.2 × bare SSE",
     "bound": 8.77177734375,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 15.60498046875,
       "min": 15.60498046875,
       "max": 15.60498046875,
       "samples": [
        15.60498046875
       ]
      },
      "p95": {
       "median": 29.905029296875,
       "min": 29.905029296875,
       "max": 29.905029296875,
       "samples": [
        29.905029296875
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "median": {
       "median": 7.309814453125,
       "min": 7.309814453125,
       "max": 7.309814453125,
       "samples": [
        7.309814453125
       ]
      },
      "p95": {
       "median": 12.44482421875,
       "min": 12.44482421875,
       "max": 12.44482421875,
       "samples": [
        12.44482421875
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "median": {
       "median": 4.205078125,
       "min": 4.205078125,
       "max": 4.205078125,
       "samples": [
        4.205078125
       ]
      },
      "p95": {
       "median": 10.0849609375,
       "min": 10.0849609375,
       "max": 10.0849609375,
       "samples": [
        10.0849609375
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "j",
   "title": "1,000 offline updates of distinct records, reconnect → B has all",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "all",
     "says": "≤ 100",
     "bound": 100,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "all": {
       "median": 604.054931640625,
       "min": 604.054931640625,
       "max": 604.054931640625,
       "samples": [
        604.054931640625
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "k",
   "title": "writes accepted from 20 concurrent clients, durable",
   "unit": "writes/s",
   "better": "more",
   "targets": [
    {
     "measure": "accepted",
     "says": "≥ 2 × the bare handler",
     "bound": 711.0722028835357,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "accepted": {
       "median": 1042.520187826662,
       "min": 1042.520187826662,
       "max": 1042.520187826662,
       "samples": [
        1042.520187826662
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {
      "accepted": {
       "median": 355.53610144176787,
       "min": 355.53610144176787,
       "max": 355.53610144176787,
       "samples": [
        355.53610144176787
       ]
      }
     }
    }
   ]
  },
  {
   "key": "l",
   "title": "bytes of body for a one-field update: up, and down to another client",
   "unit": "B",
   "better": "less",
   "targets": [
    {
     "measure": "up",
     "says": "≤ 250",
     "bound": 250,
     "met": false
    },
    {
     "measure": "down",
     "says": "≤ 200",
     "bound": 200,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "up": {
       "median": 305,
       "min": 305,
       "max": 305,
       "samples": [
        305
       ]
      },
      "down": {
       "median": 230,
       "min": 230,
       "max": 230,
       "samples": [
        230
       ]
      },
      "back to the writer": {
       "median": 469,
       "min": 469,
       "max": 469,
       "samples": [
        469
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "up": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46
       ]
      },
      "down": {
       "median": 54,
       "min": 54,
       "max": 54,
       "samples": [
        54
       ]
      },
      "back to the writer": {
       "median": 54,
       "min": 54,
       "max": 54,
       "samples": [
        54
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "up": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46
       ]
      },
      "down": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46
       ]
      },
      "back to the writer": {
       "median": 0,
       "min": 0,
       "max": 0,
       "samples": [
        0
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "m",
   "title": "idle live streams (5,000): memory of the server above empty; one change told to all",
   "unit": "MB, ms",
   "better": "less",
   "targets": [
    {
     "measure": "memory",
     "says": "≤ 150 MB",
     "bound": 150,
     "met": false
    },
    {
     "measure": "fan-out",
     "says": "≤ 500 ms",
     "bound": 500,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "memory": {
       "median": 210.763776,
       "min": 210.763776,
       "max": 210.763776,
       "samples": [
        210.763776
       ]
      },
      "fan-out": {
       "median": 465.268235000025,
       "min": 465.268235000025,
       "max": 465.268235000025,
       "samples": [
        465.268235000025
       ]
      },
      "heap per stream, kB": {
       "median": 15.2743056,
       "min": 15.2743056,
       "max": 15.2743056,
       "samples": [
        15.2743056
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "memory": {
       "median": 91.488256,
       "min": 91.488256,
       "max": 91.488256,
       "samples": [
        91.488256
       ]
      },
      "fan-out": {
       "median": 141.40814299997874,
       "min": 141.40814299997874,
       "max": 141.40814299997874,
       "samples": [
        141.40814299997874
       ]
      },
      "heap per stream, kB": {
       "median": 4.814232,
       "min": 4.814232,
       "max": 4.814232,
       "samples": [
        4.814232
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "memory": {
       "median": 46.137344,
       "min": 46.137344,
       "max": 46.137344,
       "samples": [
        46.137344
       ]
      },
      "fan-out": {
       "median": 174.2047920000041,
       "min": 174.2047920000041,
       "max": 174.2047920000041,
       "samples": [
        174.2047920000041
       ]
      },
      "heap per stream, kB": {
       "median": 2.8458736,
       "min": 2.8458736,
       "max": 2.8458736,
       "samples": [
        2.8458736
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  }
 ]
},
{
 "at": "2026-11-21T12:29:46.516Z",
 "command": "pnpm bench --quick --records 1000 --patience 25 --only a,d,e,g,h,i,j,k,l,m --with dexie,rxdb,tinybase,tanstack-db,pouchdb,yjs,triplit --note Whether each contender works: 1,000 records, one run, a busy machine. Nothing here is a result. Row m has 500 streams.",
 "commit": "3c319bf",
 "note": "Whether each contender works: 1,000 records, one run, a busy machine. Nothing here is a result. Row m has 500 streams.",
 "quick": true,
 "records": 1000,
 "machine": {
  "cpu": "AMD EPYC",
  "cores": 2,
  "memoryGB": 24,
  "os": "linux 6.18.44-fc-v595",
  "node": "v24.21.0",
  "chromium": "Chromium 153.0.8010.0",
  "loadBefore": 3.98
 },
 "contenders": [
  {
   "name": "dexie",
   "kind": "peer",
   "versions": {
    "dexie": "4.4.7"
   }
  },
  {
   "name": "rxdb",
   "kind": "peer",
   "versions": {
    "rxdb": "17.6.0",
    "rxjs": "7.8.2"
   }
  },
  {
   "name": "tinybase",
   "kind": "peer",
   "versions": {
    "tinybase": "10.0.1"
   }
  },
  {
   "name": "tanstack-db",
   "kind": "peer",
   "versions": {
    "@tanstack/db": "0.8.7",
    "@tanstack/offline-transactions": "1.0.53"
   }
  },
  {
   "name": "pouchdb",
   "kind": "peer",
   "versions": {
    "pouchdb-browser": "9.0.0",
    "pouchdb-find": "9.0.0",
    "express-pouchdb": "4.2.0"
   }
  },
  {
   "name": "yjs",
   "kind": "peer",
   "versions": {
    "yjs": "13.6.33",
    "y-indexeddb": "9.0.12",
    "@hocuspocus/provider": "4.7.0",
    "@hocuspocus/server": "4.7.0"
   }
  },
  {
   "name": "triplit",
   "kind": "peer",
   "versions": {
    "@triplit/client": "1.0.50",
    "@triplit/server": "1.1.8"
   }
  }
 ],
 "rows": [
  {
   "key": "a",
   "title": "bulk insert by local transactions of 1,000, durable, queued for sync",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≥ 100,000",
     "bound": 100000,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {
      "relaxed": {
       "median": 8886.51915035463,
       "min": 8886.51915035463,
       "max": 8886.51915035463,
       "samples": [
        8886.51915035463
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "relaxed": {
       "median": 7111.616826356716,
       "min": 7111.616826356716,
       "max": 7111.616826356716,
       "samples": [
        7111.616826356716
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "relaxed": {
       "median": 4973.2686807667715,
       "min": 4973.2686807667715,
       "max": 4973.2686807667715,
       "samples": [
        4973.2686807667715
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "its outbox is for what people do, and records are in memory only"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "relaxed": {
       "median": 4386.734514809958,
       "min": 4386.734514809958,
       "max": 4386.734514809958,
       "samples": [
        4386.734514809958
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "y-indexeddb does not say when something is stored"
    },
    {
     "contender": "triplit",
     "measures": {
      "relaxed": {
       "median": 14192.449616623771,
       "min": 14192.449616623771,
       "max": 14192.449616623771,
       "samples": [
        14192.449616623771
       ]
      }
     }
    }
   ]
  },
  {
   "key": "d",
   "title": "one-field update until durable",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≤ 1.2 × the log",
     "bound": null,
     "met": null
    },
    {
     "measure": "strict",
     "says": "≤ 1.2 × the log",
     "bound": null,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {
      "relaxed": {
       "median": 1.6349999979138374,
       "min": 1.6349999979138374,
       "max": 1.6349999979138374,
       "samples": [
        1.6349999979138374
       ]
      },
      "strict": {
       "median": 1.9900000020861626,
       "min": 1.9900000020861626,
       "max": 1.9900000020861626,
       "samples": [
        1.9900000020861626
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "relaxed": {
       "median": 4.365000002086163,
       "min": 4.365000002086163,
       "max": 4.365000002086163,
       "samples": [
        4.365000002086163
       ]
      },
      "strict": {
       "median": 5.050000004470348,
       "min": 5.050000004470348,
       "max": 5.050000004470348,
       "samples": [
        5.050000004470348
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "relaxed": {
       "median": 14.03999999910593,
       "min": 14.03999999910593,
       "max": 14.03999999910593,
       "samples": [
        14.03999999910593
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "relaxed": {
       "median": 0.8900000005960464,
       "min": 0.8900000005960464,
       "max": 0.8900000005960464,
       "samples": [
        0.8900000005960464
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "relaxed": {
       "median": 8.575000002980232,
       "min": 8.575000002980232,
       "max": 8.575000002980232,
       "samples": [
        8.575000002980232
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "y-indexeddb does not say when something is stored"
    },
    {
     "contender": "triplit",
     "measures": {
      "relaxed": {
       "median": 0.7000000029802322,
       "min": 0.7000000029802322,
       "max": 0.7000000029802322,
       "samples": [
        0.7000000029802322
       ]
      }
     }
    }
   ]
  },
  {
   "key": "e",
   "title": "update → live query callback has it (before durability)",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {
      "median": {
       "median": 1.2650000005960464,
       "min": 1.2650000005960464,
       "max": 1.2650000005960464,
       "samples": [
        1.2650000005960464
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "median": {
       "median": 2.9200000017881393,
       "min": 2.9200000017881393,
       "max": 2.9200000017881393,
       "samples": [
        2.9200000017881393
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "median": {
       "median": 0.255000002682209,
       "min": 0.255000002682209,
       "max": 0.255000002682209,
       "samples": [
        0.255000002682209
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "median": {
       "median": 0.5150000005960464,
       "min": 0.5150000005960464,
       "max": 0.5150000005960464,
       "samples": [
        0.5150000005960464
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "median": {
       "median": 36.560000002384186,
       "min": 36.560000002384186,
       "max": 36.560000002384186,
       "samples": [
        36.560000002384186
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "median": {
       "median": 0.33500000089406967,
       "min": 0.33500000089406967,
       "max": 0.33500000089406967,
       "samples": [
        0.33500000089406967
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "median": {
       "median": 10.57999999821186,
       "min": 10.57999999821186,
       "max": 10.57999999821186,
       "samples": [
        10.57999999821186
       ]
      }
     }
    }
   ]
  },
  {
   "key": "g",
   "title": "bundle of what this takes, sync included, minified and gzipped",
   "unit": "kB",
   "better": "less",
   "targets": [
    {
     "measure": "size",
     "says": "≤ 20",
     "bound": 20,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {
      "size": {
       "median": 31.343,
       "min": 31.343,
       "max": 31.343,
       "samples": [
        31.343
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "size": {
       "median": 87.989,
       "min": 87.989,
       "max": 87.989,
       "samples": [
        87.989
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "size": {
       "median": 23.614,
       "min": 23.614,
       "max": 23.614,
       "samples": [
        23.614
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "size": {
       "median": 74.252,
       "min": 74.252,
       "max": 74.252,
       "samples": [
        74.252
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "size": {
       "median": 54.438,
       "min": 54.438,
       "max": 54.438,
       "samples": [
        54.438
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "size": {
       "median": 31.451,
       "min": 31.451,
       "max": 31.451,
       "samples": [
        31.451
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "size": {
       "median": 70.552,
       "min": 70.552,
       "max": 70.552,
       "samples": [
        70.552
       ]
      }
     }
    }
   ]
  },
  {
   "key": "h",
   "title": "first sync to a fresh client, until it can be asked for and is stored",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "all",
     "says": "≥ 0.65 × the limit",
     "bound": null,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "all": {
       "median": 1985.9592679895188,
       "min": 1985.9592679895188,
       "max": 1985.9592679895188,
       "samples": [
        1985.9592679895188
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "all": {
       "median": 725.8079149360974,
       "min": 725.8079149360974,
       "max": 725.8079149360974,
       "samples": [
        725.8079149360974
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "all": {
       "median": 747.7530022304702,
       "min": 747.7530022304702,
       "max": 747.7530022304702,
       "samples": [
        747.7530022304702
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "all": {
       "median": 7744.13381847153,
       "min": 7744.13381847153,
       "max": 7744.13381847153,
       "samples": [
        7744.13381847153
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "all": {
       "median": 3510.6196243453355,
       "min": 3510.6196243453355,
       "max": 3510.6196243453355,
       "samples": [
        3510.6196243453355
       ]
      }
     }
    }
   ]
  },
  {
   "key": "i",
   "title": "A updates → B’s live query has it, loopback, stored on both sides and the server",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 1.2 × bare SSE",
     "bound": null,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "median": {
       "median": 17.005126953125,
       "min": 17.005126953125,
       "max": 17.005126953125,
       "samples": [
        17.005126953125
       ]
      },
      "p95": {
       "median": 40.56005859375,
       "min": 40.56005859375,
       "max": 40.56005859375,
       "samples": [
        40.56005859375
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "median": {
       "median": 14.28515625,
       "min": 14.28515625,
       "max": 14.28515625,
       "samples": [
        14.28515625
       ]
      },
      "p95": {
       "median": 232.26025390625,
       "min": 232.26025390625,
       "max": 232.26025390625,
       "samples": [
        232.26025390625
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "median": {
       "median": 112.210205078125,
       "min": 112.210205078125,
       "max": 112.210205078125,
       "samples": [
        112.210205078125
       ]
      },
      "p95": {
       "median": 129.500244140625,
       "min": 129.500244140625,
       "max": 129.500244140625,
       "samples": [
        129.500244140625
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "median": {
       "median": 3.71484375,
       "min": 3.71484375,
       "max": 3.71484375,
       "samples": [
        3.71484375
       ]
      },
      "p95": {
       "median": 24.2099609375,
       "min": 24.2099609375,
       "max": 24.2099609375,
       "samples": [
        24.2099609375
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "median": {
       "median": 50.73486328125,
       "min": 50.73486328125,
       "max": 50.73486328125,
       "samples": [
        50.73486328125
       ]
      },
      "p95": {
       "median": 65.594970703125,
       "min": 65.594970703125,
       "max": 65.594970703125,
       "samples": [
        65.594970703125
       ]
      }
     }
    }
   ]
  },
  {
   "key": "j",
   "title": "1,000 offline updates of distinct records, reconnect → B has all",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "all",
     "says": "≤ 100",
     "bound": 100,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "all": {
       "median": 1440.940185546875,
       "min": 1440.940185546875,
       "max": 1440.940185546875,
       "samples": [
        1440.940185546875
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "all": {
       "median": 312.614990234375,
       "min": 312.614990234375,
       "max": 312.614990234375,
       "samples": [
        312.614990234375
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "all": {
       "median": 4675.005126953125,
       "min": 4675.005126953125,
       "max": 4675.005126953125,
       "samples": [
        4675.005126953125
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "all": {
       "median": 361.960205078125,
       "min": 361.960205078125,
       "max": 361.960205078125,
       "samples": [
        361.960205078125
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "all": {
       "median": 688.794921875,
       "min": 688.794921875,
       "max": 688.794921875,
       "samples": [
        688.794921875
       ]
      }
     }
    }
   ]
  },
  {
   "key": "k",
   "title": "writes accepted from 20 concurrent clients, durable",
   "unit": "writes/s",
   "better": "more",
   "targets": [
    {
     "measure": "accepted",
     "says": "≥ 2 × the bare handler",
     "bound": null,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "accepted": {
       "median": 443.21119059325906,
       "min": 443.21119059325906,
       "max": 443.21119059325906,
       "samples": [
        443.21119059325906
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "accepted": {
       "median": 1338.677413890227,
       "min": 1338.677413890227,
       "max": 1338.677413890227,
       "samples": [
        1338.677413890227
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "triplit",
     "measures": {},
     "gap": "only its client speaks its protocol"
    }
   ]
  },
  {
   "key": "l",
   "title": "bytes of body for a one-field update: up, and down to another client",
   "unit": "B",
   "better": "less",
   "targets": [
    {
     "measure": "up",
     "says": "≤ 250",
     "bound": 250,
     "met": null
    },
    {
     "measure": "down",
     "says": "≤ 200",
     "bound": 200,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "up": {
       "median": 570,
       "min": 570,
       "max": 570,
       "samples": [
        570
       ]
      },
      "down": {
       "median": 309,
       "min": 309,
       "max": 309,
       "samples": [
        309
       ]
      },
      "back to the writer": {
       "median": 311,
       "min": 311,
       "max": 311,
       "samples": [
        311
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "up": {
       "median": 108,
       "min": 108,
       "max": 108,
       "samples": [
        108
       ]
      },
      "down": {
       "median": 132,
       "min": 132,
       "max": 132,
       "samples": [
        132
       ]
      },
      "back to the writer": {
       "median": 0,
       "min": 0,
       "max": 0,
       "samples": [
        0
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "up": {
       "median": 996.5,
       "min": 996.5,
       "max": 996.5,
       "samples": [
        996.5
       ]
      },
      "down": {
       "median": 1389,
       "min": 1389,
       "max": 1389,
       "samples": [
        1389
       ]
      },
      "back to the writer": {
       "median": 978.5,
       "min": 978.5,
       "max": 978.5,
       "samples": [
        978.5
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "up": {
       "median": 39,
       "min": 39,
       "max": 39,
       "samples": [
        39
       ]
      },
      "down": {
       "median": 39,
       "min": 39,
       "max": 39,
       "samples": [
        39
       ]
      },
      "back to the writer": {
       "median": 47,
       "min": 47,
       "max": 47,
       "samples": [
        47
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "up": {
       "median": 198,
       "min": 198,
       "max": 198,
       "samples": [
        198
       ]
      },
      "down": {
       "median": 508,
       "min": 508,
       "max": 508,
       "samples": [
        508
       ]
      },
      "back to the writer": {
       "median": 581,
       "min": 581,
       "max": 581,
       "samples": [
        581
       ]
      }
     }
    }
   ]
  },
  {
   "key": "m",
   "title": "idle live streams (5,000): memory of the server above empty; one change told to all",
   "unit": "MB, ms",
   "better": "less",
   "targets": [
    {
     "measure": "memory",
     "says": "≤ 150 MB",
     "bound": 150,
     "met": null
    },
    {
     "measure": "fan-out",
     "says": "≤ 500 ms",
     "bound": 500,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "memory": {
       "median": 29.425664,
       "min": 29.425664,
       "max": 29.425664,
       "samples": [
        29.425664
       ]
      },
      "fan-out": {
       "median": 43.83496999999625,
       "min": 43.83496999999625,
       "max": 43.83496999999625,
       "samples": [
        43.83496999999625
       ]
      },
      "heap per stream, kB": {
       "median": 20.10904,
       "min": 20.10904,
       "max": 20.10904,
       "samples": [
        20.10904
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {},
     "gap": "its feed has to be asked again after each change"
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "triplit",
     "measures": {},
     "gap": "only its client speaks its protocol"
    }
   ]
  }
 ]
},
{
 "at": "2026-11-21T15:21:54.334Z",
 "command": "pnpm bench --runs 1",
 "commit": "13f243b",
 "note": "",
 "quick": false,
 "records": 100000,
 "machine": {
  "cpu": "AMD EPYC",
  "cores": 2,
  "memoryGB": 24,
  "os": "linux 6.18.44-fc-v595",
  "node": "v24.21.0",
  "chromium": "Chromium 153.0.8010.0",
  "loadBefore": 8.06
 },
 "contenders": [
  {
   "name": "holdfast",
   "kind": "holdfast",
   "versions": {}
  },
  {
   "name": "raw-rows",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-packed",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-log",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-sse",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-websocket",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-handler",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "dexie",
   "kind": "peer",
   "versions": {
    "dexie": "4.4.7"
   }
  },
  {
   "name": "rxdb",
   "kind": "peer",
   "versions": {
    "rxdb": "17.6.0",
    "rxjs": "7.8.2"
   }
  },
  {
   "name": "tinybase",
   "kind": "peer",
   "versions": {
    "tinybase": "10.0.1"
   }
  },
  {
   "name": "tanstack-db",
   "kind": "peer",
   "versions": {
    "@tanstack/db": "0.8.7",
    "@tanstack/offline-transactions": "1.0.53"
   }
  },
  {
   "name": "pouchdb",
   "kind": "peer",
   "versions": {
    "pouchdb-browser": "9.0.0",
    "pouchdb-find": "9.0.0",
    "express-pouchdb": "4.2.0"
   }
  },
  {
   "name": "yjs",
   "kind": "peer",
   "versions": {
    "yjs": "13.6.33",
    "y-indexeddb": "9.0.12",
    "@hocuspocus/provider": "4.7.0",
    "@hocuspocus/server": "4.7.0"
   }
  },
  {
   "name": "triplit",
   "kind": "peer",
   "versions": {
    "@triplit/client": "1.0.50",
    "@triplit/server": "1.1.8"
   }
  }
 ],
 "rows": [
  {
   "key": "a",
   "title": "bulk insert by local transactions of 1,000, durable, queued for sync",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≥ 100,000",
     "bound": 100000,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "relaxed": {
       "median": 30963.92238578357,
       "min": 30963.92238578357,
       "max": 30963.92238578357,
       "samples": [
        30963.92238578357
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "relaxed": {
       "median": 10768.603705150366,
       "min": 10768.603705150366,
       "max": 10768.603705150366,
       "samples": [
        10768.603705150366
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "relaxed": {
       "median": 221263.41409302043,
       "min": 221263.41409302043,
       "max": 221263.41409302043,
       "samples": [
        221263.41409302043
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "relaxed": {
       "median": 9268.71248778319,
       "min": 9268.71248778319,
       "max": 9268.71248778319,
       "samples": [
        9268.71248778319
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "relaxed": {
       "median": 4616.482272823358,
       "min": 4616.482272823358,
       "max": 4616.482272823358,
       "samples": [
        4616.482272823358
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "relaxed": {
       "median": 1223.2018642085513,
       "min": 1223.2018642085513,
       "max": 1223.2018642085513,
       "samples": [
        1223.2018642085513
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "its outbox is for what people do, and records are in memory only"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "relaxed": {
       "median": 3560.9878821364377,
       "min": 3560.9878821364377,
       "max": 3560.9878821364377,
       "samples": [
        3560.9878821364377
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "y-indexeddb does not say when something is stored"
    },
    {
     "contender": "triplit",
     "measures": {
      "relaxed": {
       "median": 8392.260992601592,
       "min": 8392.260992601592,
       "max": 8392.260992601592,
       "samples": [
        8392.260992601592
       ]
      }
     }
    }
   ]
  },
  {
   "key": "b",
   "title": "page load → first result of a list’s open records, newest 50",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "new browser",
     "says": "≤ 100",
     "bound": 100,
     "met": false
    },
    {
     "measure": "reload",
     "says": "≤ 50",
     "bound": 50,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "new browser": {
       "median": 131.10000000149012,
       "min": 131.10000000149012,
       "max": 131.10000000149012,
       "samples": [
        131.10000000149012
       ]
      },
      "reload": {
       "median": 99.82000000029802,
       "min": 99.82000000029802,
       "max": 99.82000000029802,
       "samples": [
        99.82000000029802
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "new browser": {
       "median": 119.57499999552965,
       "min": 119.57499999552965,
       "max": 119.57499999552965,
       "samples": [
        119.57499999552965
       ]
      },
      "reload": {
       "median": 30.604999996721745,
       "min": 30.604999996721745,
       "max": 30.604999996721745,
       "samples": [
        30.604999996721745
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "new browser": {
       "median": 182.09999999403954,
       "min": 182.09999999403954,
       "max": 182.09999999403954,
       "samples": [
        182.09999999403954
       ]
      },
      "reload": {
       "median": 160.5650000050664,
       "min": 160.5650000050664,
       "max": 160.5650000050664,
       "samples": [
        160.5650000050664
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "new browser": {
       "median": 81.56499999761581,
       "min": 81.56499999761581,
       "max": 81.56499999761581,
       "samples": [
        81.56499999761581
       ]
      },
      "reload": {
       "median": 6.725000001490116,
       "min": 6.725000001490116,
       "max": 6.725000001490116,
       "samples": [
        6.725000001490116
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "new browser": {
       "median": 248.9350000023842,
       "min": 248.9350000023842,
       "max": 248.9350000023842,
       "samples": [
        248.9350000023842
       ]
      },
      "reload": {
       "median": 105.69500000029802,
       "min": 105.69500000029802,
       "max": 105.69500000029802,
       "samples": [
        105.69500000029802
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "failed: gave up after 300 s"
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "new browser": {
       "median": 1770.6449999958277,
       "min": 1770.6449999958277,
       "max": 1770.6449999958277,
       "samples": [
        1770.6449999958277
       ]
      },
      "reload": {
       "median": 1244.585000000894,
       "min": 1244.585000000894,
       "max": 1244.585000000894,
       "samples": [
        1244.585000000894
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "new browser": {
       "median": 1529.9850000068545,
       "min": 1529.9850000068545,
       "max": 1529.9850000068545,
       "samples": [
        1529.9850000068545
       ]
      },
      "reload": {
       "median": 1658.1049999967217,
       "min": 1658.1049999967217,
       "max": 1658.1049999967217,
       "samples": [
        1658.1049999967217
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "new browser": {
       "median": 2569,
       "min": 2569,
       "max": 2569,
       "samples": [
        2569
       ]
      },
      "reload": {
       "median": 1942.4200000017881,
       "min": 1942.4200000017881,
       "max": 1942.4200000017881,
       "samples": [
        1942.4200000017881
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "new browser": {
       "median": 4646.60000000149,
       "min": 4646.60000000149,
       "max": 4646.60000000149,
       "samples": [
        4646.60000000149
       ]
      },
      "reload": {
       "median": 3422.359999999404,
       "min": 3422.359999999404,
       "max": 3422.359999999404,
       "samples": [
        3422.359999999404
       ]
      }
     }
    }
   ]
  }
 ]
},
{
 "at": "2026-11-21T15:37:34.264Z",
 "command": "pnpm bench --runs 2 --only a,b,c,d,e,f,g,h,i,j,k,l,m --with holdfast,raw-rows,raw-packed,raw-log,bare-sse,bare-websocket,bare-handler --note alone on the machine",
 "commit": "8ea15d3",
 "note": "alone on the machine",
 "quick": false,
 "records": 100000,
 "machine": {
  "cpu": "AMD EPYC",
  "cores": 2,
  "memoryGB": 24,
  "os": "linux 6.18.44-fc-v595",
  "node": "v24.21.0",
  "chromium": "Chromium 153.0.8010.0",
  "loadBefore": 2.66
 },
 "contenders": [
  {
   "name": "holdfast",
   "kind": "holdfast",
   "versions": {}
  },
  {
   "name": "raw-rows",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-packed",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-log",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-sse",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-websocket",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-handler",
   "kind": "limit",
   "versions": {}
  }
 ],
 "rows": [
  {
   "key": "a",
   "title": "bulk insert by local transactions of 1,000, durable, queued for sync",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≥ 100,000",
     "bound": 100000,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "relaxed": {
       "median": 23654.99172700262,
       "min": 23472.194837998195,
       "max": 23837.78861600704,
       "samples": [
        23837.78861600704,
        23472.194837998195
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "relaxed": {
       "median": 8308.994954027301,
       "min": 7747.889862194778,
       "max": 8870.100045859825,
       "samples": [
        7747.889862194778,
        8870.100045859825
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "relaxed": {
       "median": 216790.8996345793,
       "min": 195182.88636599953,
       "max": 238398.9129031591,
       "samples": [
        238398.9129031591,
        195182.88636599953
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "b",
   "title": "page load → first result of a list’s open records, newest 50",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "new browser",
     "says": "≤ 100",
     "bound": 100,
     "met": false
    },
    {
     "measure": "reload",
     "says": "≤ 50",
     "bound": 50,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "new browser": {
       "median": 113.01249999925494,
       "min": 109.32000000029802,
       "max": 116.70499999821186,
       "samples": [
        109.32000000029802,
        116.70499999821186
       ]
      },
      "reload": {
       "median": 98.68999999761581,
       "min": 82.94500000029802,
       "max": 114.4349999949336,
       "samples": [
        114.4349999949336,
        82.94500000029802
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "new browser": {
       "median": 103.86499999836087,
       "min": 101.60000000149012,
       "max": 106.12999999523163,
       "samples": [
        106.12999999523163,
        101.60000000149012
       ]
      },
      "reload": {
       "median": 12.222499996423721,
       "min": 7.339999996125698,
       "max": 17.104999996721745,
       "samples": [
        7.339999996125698,
        17.104999996721745
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "new browser": {
       "median": 160.89499999955297,
       "min": 158.7550000026822,
       "max": 163.03499999642372,
       "samples": [
        158.7550000026822,
        163.03499999642372
       ]
      },
      "reload": {
       "median": 137.0274999961257,
       "min": 136.00499999523163,
       "max": 138.04999999701977,
       "samples": [
        138.04999999701977,
        136.00499999523163
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "c",
   "title": "that query warm, another list each time",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 0.9249999988824129,
       "min": 0.8449999988079071,
       "max": 1.0049999989569187,
       "samples": [
        1.0049999989569187,
        0.8449999988079071
       ]
      },
      "p95": {
       "median": 1.3499999977648258,
       "min": 1.2100000008940697,
       "max": 1.489999994635582,
       "samples": [
        1.489999994635582,
        1.2100000008940697
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "median": {
       "median": 2.481249999254942,
       "min": 2.1874999962747097,
       "max": 2.775000002235174,
       "samples": [
        2.1874999962747097,
        2.775000002235174
       ]
      },
      "p95": {
       "median": 6.1799999959766865,
       "min": 5.814999997615814,
       "max": 6.544999994337559,
       "samples": [
        5.814999997615814,
        6.544999994337559
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "median": {
       "median": 0.8337500002235174,
       "min": 0.7899999991059303,
       "max": 0.8775000013411045,
       "samples": [
        0.7899999991059303,
        0.8775000013411045
       ]
      },
      "p95": {
       "median": 0.9574999995529652,
       "min": 0.8449999988079071,
       "max": 1.0700000002980232,
       "samples": [
        0.8449999988079071,
        1.0700000002980232
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "d",
   "title": "one-field update until durable",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≤ 1.2 × the log",
     "bound": 0.7709999978542328,
     "met": false
    },
    {
     "measure": "strict",
     "says": "≤ 1.2 × the log",
     "bound": 1.1804999984800815,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "relaxed": {
       "median": 1.368750000372529,
       "min": 1.3200000002980232,
       "max": 1.4175000004470348,
       "samples": [
        1.4175000004470348,
        1.3200000002980232
       ]
      },
      "strict": {
       "median": 1.5824999958276749,
       "min": 1.2999999970197678,
       "max": 1.864999994635582,
       "samples": [
        1.864999994635582,
        1.2999999970197678
       ]
      },
      "relaxed, online": {
       "median": 2.592500001192093,
       "min": 2.592500001192093,
       "max": 2.592500001192093,
       "samples": [
        2.592500001192093,
        2.592500001192093
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "relaxed": {
       "median": 1.0775000005960464,
       "min": 1.010000005364418,
       "max": 1.1449999958276749,
       "samples": [
        1.010000005364418,
        1.1449999958276749
       ]
      },
      "strict": {
       "median": 1.444999996572733,
       "min": 1.244999997317791,
       "max": 1.6449999958276749,
       "samples": [
        1.6449999958276749,
        1.244999997317791
       ]
      },
      "relaxed, online": {
       "median": 1.1075000017881393,
       "min": 1.1000000014901161,
       "max": 1.1150000020861626,
       "samples": [
        1.1150000020861626,
        1.1000000014901161
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {
      "relaxed": {
       "median": 0.6424999982118607,
       "min": 0.6099999994039536,
       "max": 0.6749999970197678,
       "samples": [
        0.6099999994039536,
        0.6749999970197678
       ]
      },
      "strict": {
       "median": 0.9837499987334013,
       "min": 0.892500001937151,
       "max": 1.0749999955296516,
       "samples": [
        0.892500001937151,
        1.0749999955296516
       ]
      }
     }
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "e",
   "title": "update → live query callback has it (before durability)",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 0.32624999806284904,
       "min": 0.32499999552965164,
       "max": 0.32750000059604645,
       "samples": [
        0.32750000059604645,
        0.32499999552965164
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {
      "median": {
       "median": 0.9674999974668026,
       "min": 0.8299999982118607,
       "max": 1.1049999967217445,
       "samples": [
        0.8299999982118607,
        1.1049999967217445
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "f",
   "title": "heap after the first result, everything resident",
   "unit": "MB",
   "better": "less",
   "targets": [
    {
     "measure": "heap",
     "says": "≤ 30",
     "bound": 30,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "heap": {
       "median": 19.6001065,
       "min": 19.415035,
       "max": 19.785178,
       "samples": [
        19.785178,
        19.415035
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {
      "heap": {
       "median": 23.919291,
       "min": 23.919239,
       "max": 23.919343,
       "samples": [
        23.919239,
        23.919343
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "g",
   "title": "bundle of what this takes, sync included, minified and gzipped",
   "unit": "kB",
   "better": "less",
   "targets": [
    {
     "measure": "size",
     "says": "≤ 20",
     "bound": 20,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "size": {
       "median": 49.807,
       "min": 49.807,
       "max": 49.807,
       "samples": [
        49.807,
        49.807
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "h",
   "title": "first sync to a fresh client, until it can be asked for and is stored",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "all",
     "says": "≥ 0.65 × the limit",
     "bound": 197776.97544280358,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "all": {
       "median": 186688.6221269316,
       "min": 185382.58330476205,
       "max": 187994.66094910112,
       "samples": [
        187994.66094910112,
        185382.58330476205
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "all": {
       "median": 9647.274496534123,
       "min": 9363.12054081123,
       "max": 9931.428452257014,
       "samples": [
        9931.428452257014,
        9363.12054081123
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "all": {
       "median": 304272.2699120055,
       "min": 281206.94018775516,
       "max": 327337.5996362559,
       "samples": [
        281206.94018775516,
        327337.5996362559
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "i",
   "title": "A updates → B’s live query has it, loopback, stored on both sides and the server",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 1.2 × bare SSE",
     "bound": 8.977368164062499,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 13.02740478515625,
       "min": 12.762451171875,
       "max": 13.2923583984375,
       "samples": [
        12.762451171875,
        13.2923583984375
       ]
      },
      "p95": {
       "median": 20.0875244140625,
       "min": 19.955078125,
       "max": 20.219970703125,
       "samples": [
        19.955078125,
        20.219970703125
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "median": {
       "median": 7.48114013671875,
       "min": 6.8548583984375,
       "max": 8.107421875,
       "samples": [
        8.107421875,
        6.8548583984375
       ]
      },
      "p95": {
       "median": 11.7874755859375,
       "min": 10.1650390625,
       "max": 13.409912109375,
       "samples": [
        13.409912109375,
        10.1650390625
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "median": {
       "median": 3.77252197265625,
       "min": 3.76513671875,
       "max": 3.7799072265625,
       "samples": [
        3.7799072265625,
        3.76513671875
       ]
      },
      "p95": {
       "median": 5.4849853515625,
       "min": 5.260009765625,
       "max": 5.7099609375,
       "samples": [
        5.260009765625,
        5.7099609375
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "j",
   "title": "1,000 offline updates of distinct records, reconnect → B has all",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "all",
     "says": "≤ 100",
     "bound": 100,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "all": {
       "median": 585.9698486328125,
       "min": 510.82958984375,
       "max": 661.110107421875,
       "samples": [
        661.110107421875,
        510.82958984375
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "k",
   "title": "writes accepted from 20 concurrent clients, durable",
   "unit": "writes/s",
   "better": "more",
   "targets": [
    {
     "measure": "accepted",
     "says": "≥ 2 × the bare handler",
     "bound": 6301.248335174228,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "accepted": {
       "median": 2191.8442802550207,
       "min": 2050.6662906690785,
       "max": 2333.0222698409634,
       "samples": [
        2333.0222698409634,
        2050.6662906690785
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {
      "accepted": {
       "median": 3150.624167587114,
       "min": 2743.25125482326,
       "max": 3557.9970803509677,
       "samples": [
        2743.25125482326,
        3557.9970803509677
       ]
      }
     }
    }
   ]
  },
  {
   "key": "l",
   "title": "bytes of body for a one-field update: up, and down to another client",
   "unit": "B",
   "better": "less",
   "targets": [
    {
     "measure": "up",
     "says": "≤ 250",
     "bound": 250,
     "met": true
    },
    {
     "measure": "down",
     "says": "≤ 200",
     "bound": 200,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "up": {
       "median": 247,
       "min": 247,
       "max": 247,
       "samples": [
        247,
        247
       ]
      },
      "down": {
       "median": 197.5,
       "min": 197,
       "max": 198,
       "samples": [
        198,
        197
       ]
      },
      "back to the writer": {
       "median": 392.5,
       "min": 392,
       "max": 393,
       "samples": [
        393,
        392
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "up": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46,
        46
       ]
      },
      "down": {
       "median": 54,
       "min": 54,
       "max": 54,
       "samples": [
        54,
        54
       ]
      },
      "back to the writer": {
       "median": 54,
       "min": 54,
       "max": 54,
       "samples": [
        54,
        54
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "up": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46,
        46
       ]
      },
      "down": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46,
        46
       ]
      },
      "back to the writer": {
       "median": 0,
       "min": 0,
       "max": 0,
       "samples": [
        0,
        0
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "m",
   "title": "idle live streams (5,000): memory of the server above empty; one change told to all",
   "unit": "MB, ms",
   "better": "less",
   "targets": [
    {
     "measure": "memory",
     "says": "≤ 150 MB",
     "bound": 150,
     "met": false
    },
    {
     "measure": "fan-out",
     "says": "≤ 500 ms",
     "bound": 500,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "memory": {
       "median": 191.81568,
       "min": 180.936704,
       "max": 202.694656,
       "samples": [
        180.936704,
        202.694656
       ]
      },
      "fan-out": {
       "median": 245.17071999999462,
       "min": 215.95133000001078,
       "max": 274.39010999997845,
       "samples": [
        274.39010999997845,
        215.95133000001078
       ]
      },
      "heap per stream, kB": {
       "median": 12.9877936,
       "min": 12.9507872,
       "max": 13.024799999999999,
       "samples": [
        13.024799999999999,
        12.9507872
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "memory": {
       "median": 91.594752,
       "min": 91.46368,
       "max": 91.725824,
       "samples": [
        91.46368,
        91.725824
       ]
      },
      "fan-out": {
       "median": 143.50917800000752,
       "min": 128.03322600002866,
       "max": 158.98512999998638,
       "samples": [
        158.98512999998638,
        128.03322600002866
       ]
      },
      "heap per stream, kB": {
       "median": 4.8467824,
       "min": 4.8154784,
       "max": 4.8780864,
       "samples": [
        4.8780864,
        4.8154784
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "memory": {
       "median": 44.593152,
       "min": 43.216896,
       "max": 45.969408,
       "samples": [
        43.216896,
        45.969408
       ]
      },
      "fan-out": {
       "median": 157.110811999999,
       "min": 151.96262899995781,
       "max": 162.25899500004016,
       "samples": [
        151.96262899995781,
        162.25899500004016
       ]
      },
      "heap per stream, kB": {
       "median": 2.846992,
       "min": 2.8468288,
       "max": 2.8471552,
       "samples": [
        2.8468288,
        2.8471552
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  }
 ]
},
{
 "at": "2026-11-21T20:29:07.841Z",
 "command": "pnpm bench --runs 2 --patience 150 --note all rows and all contenders in one run, on a machine that does nothing else",
 "commit": "49f38d6",
 "note": "all rows and all contenders in one run, on a machine that does nothing else",
 "quick": false,
 "records": 100000,
 "machine": {
  "cpu": "AMD EPYC",
  "cores": 2,
  "memoryGB": 24,
  "os": "linux 6.18.44-fc-v595",
  "node": "v24.21.0",
  "chromium": "Chromium 153.0.8010.0",
  "loadBefore": 0.4
 },
 "contenders": [
  {
   "name": "holdfast",
   "kind": "holdfast",
   "versions": {}
  },
  {
   "name": "raw-rows",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-packed",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-log",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-sse",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-websocket",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-handler",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "dexie",
   "kind": "peer",
   "versions": {
    "dexie": "4.4.7"
   }
  },
  {
   "name": "rxdb",
   "kind": "peer",
   "versions": {
    "rxdb": "17.6.0",
    "rxjs": "7.8.2"
   }
  },
  {
   "name": "tinybase",
   "kind": "peer",
   "versions": {
    "tinybase": "10.0.1"
   }
  },
  {
   "name": "tanstack-db",
   "kind": "peer",
   "versions": {
    "@tanstack/db": "0.8.7",
    "@tanstack/offline-transactions": "1.0.53"
   }
  },
  {
   "name": "pouchdb",
   "kind": "peer",
   "versions": {
    "pouchdb-browser": "9.0.0",
    "pouchdb-find": "9.0.0",
    "express-pouchdb": "4.2.0"
   }
  },
  {
   "name": "yjs",
   "kind": "peer",
   "versions": {
    "yjs": "13.6.33",
    "y-indexeddb": "9.0.12",
    "@hocuspocus/provider": "4.7.0",
    "@hocuspocus/server": "4.7.0"
   }
  },
  {
   "name": "triplit",
   "kind": "peer",
   "versions": {
    "@triplit/client": "1.0.50",
    "@triplit/server": "1.1.8"
   }
  }
 ],
 "rows": [
  {
   "key": "a",
   "title": "bulk insert by local transactions of 1,000, durable, queued for sync",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≥ 100,000",
     "bound": 100000,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "relaxed": {
       "median": 31645.397176084425,
       "min": 30178.15674835311,
       "max": 33112.63760381574,
       "samples": [
        33112.63760381574,
        30178.15674835311
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "relaxed": {
       "median": 10162.735165277623,
       "min": 9105.506873979224,
       "max": 11219.96345657602,
       "samples": [
        11219.96345657602,
        9105.506873979224
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "relaxed": {
       "median": 273214.0886045283,
       "min": 247313.55649332827,
       "max": 299114.62071572826,
       "samples": [
        247313.55649332827,
        299114.62071572826
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "relaxed": {
       "median": 9163.314541320658,
       "min": 8748.676762641931,
       "max": 9577.952319999384,
       "samples": [
        8748.676762641931,
        9577.952319999384
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "relaxed": {
       "median": 5032.6799818784075,
       "min": 4763.332627566621,
       "max": 5302.027336190195,
       "samples": [
        4763.332627566621,
        5302.027336190195
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "relaxed": {
       "median": 1301.0006034607322,
       "min": 1256.3267831595676,
       "max": 1345.674423761897,
       "samples": [
        1256.3267831595676,
        1345.674423761897
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "its outbox is for what people do, and records are in memory only"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "relaxed": {
       "median": 3566.1244678108956,
       "min": 3311.299395273948,
       "max": 3820.949540347843,
       "samples": [
        3311.299395273948,
        3820.949540347843
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "y-indexeddb does not say when something is stored"
    },
    {
     "contender": "triplit",
     "measures": {
      "relaxed": {
       "median": 8262.67760184701,
       "min": 7325.85436861034,
       "max": 9199.50083508368,
       "samples": [
        7325.85436861034,
        9199.50083508368
       ]
      }
     }
    }
   ]
  },
  {
   "key": "b",
   "title": "page load → first result of a list’s open records, newest 50",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "new browser",
     "says": "≤ 100",
     "bound": 100,
     "met": false
    },
    {
     "measure": "reload",
     "says": "≤ 50",
     "bound": 50,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "new browser": {
       "median": 110.91750000417233,
       "min": 102.93500000238419,
       "max": 118.90000000596046,
       "samples": [
        118.90000000596046,
        102.93500000238419
       ]
      },
      "reload": {
       "median": 90.52999999374151,
       "min": 88.69499999284744,
       "max": 92.36499999463558,
       "samples": [
        92.36499999463558,
        88.69499999284744
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "new browser": {
       "median": 113.06750000268221,
       "min": 109.16000001132488,
       "max": 116.97499999403954,
       "samples": [
        116.97499999403954,
        109.16000001132488
       ]
      },
      "reload": {
       "median": 6.5625,
       "min": 4.469999998807907,
       "max": 8.655000001192093,
       "samples": [
        8.655000001192093,
        4.469999998807907
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "new browser": {
       "median": 153.72500000149012,
       "min": 134.85999999940395,
       "max": 172.59000000357628,
       "samples": [
        172.59000000357628,
        134.85999999940395
       ]
      },
      "reload": {
       "median": 131.16750000417233,
       "min": 123.66500000655651,
       "max": 138.67000000178814,
       "samples": [
        138.67000000178814,
        123.66500000655651
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "new browser": {
       "median": 92.75,
       "min": 90.93000000715256,
       "max": 94.56999999284744,
       "samples": [
        94.56999999284744,
        90.93000000715256
       ]
      },
      "reload": {
       "median": 5.992499992251396,
       "min": 5.509999990463257,
       "max": 6.4749999940395355,
       "samples": [
        6.4749999940395355,
        5.509999990463257
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "new browser": {
       "median": 313.0874999985099,
       "min": 278.7300000041723,
       "max": 347.44499999284744,
       "samples": [
        278.7300000041723,
        347.44499999284744
       ]
      },
      "reload": {
       "median": 121.25750000029802,
       "min": 112.12999999523163,
       "max": 130.38500000536442,
       "samples": [
        112.12999999523163,
        130.38500000536442
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "failed: gave up after 150 s"
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "new browser": {
       "median": 1303.914999999106,
       "min": 1297.190000012517,
       "max": 1310.6399999856949,
       "samples": [
        1297.190000012517,
        1310.6399999856949
       ]
      },
      "reload": {
       "median": 1423.617499999702,
       "min": 1331.405000001192,
       "max": 1515.8299999982119,
       "samples": [
        1515.8299999982119,
        1331.405000001192
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "new browser": {
       "median": 1295.7749999985099,
       "min": 1263.1899999976158,
       "max": 1328.359999999404,
       "samples": [
        1328.359999999404,
        1263.1899999976158
       ]
      },
      "reload": {
       "median": 1159.5224999934435,
       "min": 1100.9599999934435,
       "max": 1218.0849999934435,
       "samples": [
        1100.9599999934435,
        1218.0849999934435
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "new browser": {
       "median": 2532.1649999916553,
       "min": 1709.779999986291,
       "max": 3354.5499999970198,
       "samples": [
        1709.779999986291,
        3354.5499999970198
       ]
      },
      "reload": {
       "median": 1854.7049999982119,
       "min": 1335.0649999976158,
       "max": 2374.344999998808,
       "samples": [
        1335.0649999976158,
        2374.344999998808
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "new browser": {
       "median": 3742.357500001788,
       "min": 3626.814999997616,
       "max": 3857.9000000059605,
       "samples": [
        3626.814999997616,
        3857.9000000059605
       ]
      },
      "reload": {
       "median": 3261.1924999952316,
       "min": 2983.464999988675,
       "max": 3538.920000001788,
       "samples": [
        2983.464999988675,
        3538.920000001788
       ]
      }
     }
    }
   ]
  },
  {
   "key": "c",
   "title": "that query warm, another list each time",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 0.8600000031292439,
       "min": 0.7100000083446503,
       "max": 1.0099999979138374,
       "samples": [
        1.0099999979138374,
        0.7100000083446503
       ]
      },
      "p95": {
       "median": 1.3100000023841858,
       "min": 1.0799999982118607,
       "max": 1.540000006556511,
       "samples": [
        1.540000006556511,
        1.0799999982118607
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "median": {
       "median": 3.511250004172325,
       "min": 3.410000003874302,
       "max": 3.6125000044703484,
       "samples": [
        3.410000003874302,
        3.6125000044703484
       ]
      },
      "p95": {
       "median": 6.742500007152557,
       "min": 6.315000012516975,
       "max": 7.170000001788139,
       "samples": [
        6.315000012516975,
        7.170000001788139
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "median": {
       "median": 0.9962499998509884,
       "min": 0.9650000035762787,
       "max": 1.027499996125698,
       "samples": [
        1.027499996125698,
        0.9650000035762787
       ]
      },
      "p95": {
       "median": 1.4275000020861626,
       "min": 1.3200000077486038,
       "max": 1.5349999964237213,
       "samples": [
        1.5349999964237213,
        1.3200000077486038
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "median": {
       "median": 1.4537500031292439,
       "min": 1.2375000044703484,
       "max": 1.6700000017881393,
       "samples": [
        1.2375000044703484,
        1.6700000017881393
       ]
      },
      "p95": {
       "median": 2.9374999925494194,
       "min": 2.824999988079071,
       "max": 3.0499999970197678,
       "samples": [
        3.0499999970197678,
        2.824999988079071
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "median": {
       "median": 29.578749999403954,
       "min": 26.91999999433756,
       "max": 32.23750000447035,
       "samples": [
        32.23750000447035,
        26.91999999433756
       ]
      },
      "p95": {
       "median": 55.46750000119209,
       "min": 55.26500000059605,
       "max": 55.67000000178814,
       "samples": [
        55.67000000178814,
        55.26500000059605
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "failed: page.evaluate: Target page, context or browser has been closed"
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "median": {
       "median": 30.58000000193715,
       "min": 30.45499999821186,
       "max": 30.70500000566244,
       "samples": [
        30.45499999821186,
        30.70500000566244
       ]
      },
      "p95": {
       "median": 40.92499999701977,
       "min": 36.605000004172325,
       "max": 45.24499998986721,
       "samples": [
        36.605000004172325,
        45.24499998986721
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "median": {
       "median": 21.833749998360872,
       "min": 20.57499999552965,
       "max": 23.092500001192093,
       "samples": [
        23.092500001192093,
        20.57499999552965
       ]
      },
      "p95": {
       "median": 31.862499997019768,
       "min": 30.075000002980232,
       "max": 33.6499999910593,
       "samples": [
        30.075000002980232,
        33.6499999910593
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "median": {
       "median": 21.788750000298023,
       "min": 20.530000001192093,
       "max": 23.047499999403954,
       "samples": [
        23.047499999403954,
        20.530000001192093
       ]
      },
      "p95": {
       "median": 27.60750000178814,
       "min": 24.200000002980232,
       "max": 31.015000000596046,
       "samples": [
        31.015000000596046,
        24.200000002980232
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "median": {
       "median": 75.2850000038743,
       "min": 69.14500000327826,
       "max": 81.42500000447035,
       "samples": [
        81.42500000447035,
        69.14500000327826
       ]
      },
      "p95": {
       "median": 110.17500000447035,
       "min": 77.92500001192093,
       "max": 142.42499999701977,
       "samples": [
        142.42499999701977,
        77.92500001192093
       ]
      }
     }
    }
   ]
  },
  {
   "key": "d",
   "title": "one-field update until durable",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≤ 1.2 × the log",
     "bound": 0.6389999985694885,
     "met": false
    },
    {
     "measure": "strict",
     "says": "≤ 1.2 × the log",
     "bound": 1.2435000032186507,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "relaxed": {
       "median": 1.2349999994039536,
       "min": 1.1825000047683716,
       "max": 1.2874999940395355,
       "samples": [
        1.1825000047683716,
        1.2874999940395355
       ]
      },
      "strict": {
       "median": 1.3987499997019768,
       "min": 1.285000003874302,
       "max": 1.5124999955296516,
       "samples": [
        1.285000003874302,
        1.5124999955296516
       ]
      },
      "relaxed, online": {
       "median": 2.2825000025331974,
       "min": 2.135000005364418,
       "max": 2.4299999997019768,
       "samples": [
        2.135000005364418,
        2.4299999997019768
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "relaxed": {
       "median": 0.9637500010430813,
       "min": 0.8500000014901161,
       "max": 1.0775000005960464,
       "samples": [
        0.8500000014901161,
        1.0775000005960464
       ]
      },
      "strict": {
       "median": 1.376249998807907,
       "min": 1.3075000047683716,
       "max": 1.4449999928474426,
       "samples": [
        1.4449999928474426,
        1.3075000047683716
       ]
      },
      "relaxed, online": {
       "median": 1.0650000013411045,
       "min": 1.0150000005960464,
       "max": 1.1150000020861626,
       "samples": [
        1.0150000005960464,
        1.1150000020861626
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {
      "relaxed": {
       "median": 0.5324999988079071,
       "min": 0.4375,
       "max": 0.6274999976158142,
       "samples": [
        0.4375,
        0.6274999976158142
       ]
      },
      "strict": {
       "median": 1.036250002682209,
       "min": 0.9275000095367432,
       "max": 1.1449999958276749,
       "samples": [
        0.9275000095367432,
        1.1449999958276749
       ]
      }
     }
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "relaxed": {
       "median": 2.0049999989569187,
       "min": 1.8149999976158142,
       "max": 2.1950000002980232,
       "samples": [
        2.1950000002980232,
        1.8149999976158142
       ]
      },
      "strict": {
       "median": 2.1825000010430813,
       "min": 2.087499998509884,
       "max": 2.2775000035762787,
       "samples": [
        2.2775000035762787,
        2.087499998509884
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {},
     "gap": "failed: gave up after 150 s"
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "failed: page.evaluate: Target page, context or browser has been closed"
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "relaxed": {
       "median": 1.2137500010430813,
       "min": 1.0924999937415123,
       "max": 1.3350000083446503,
       "samples": [
        1.3350000083446503,
        1.0924999937415123
       ]
      },
      "relaxed, online": {
       "median": 1.0350000001490116,
       "min": 0.9924999997019768,
       "max": 1.0775000005960464,
       "samples": [
        0.9924999997019768,
        1.0775000005960464
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "relaxed": {
       "median": 2.7650000005960464,
       "min": 2.7374999970197678,
       "max": 2.792500004172325,
       "samples": [
        2.792500004172325,
        2.7374999970197678
       ]
      },
      "relaxed, online": {
       "median": 10.38374999910593,
       "min": 10.032500006258488,
       "max": 10.734999991953373,
       "samples": [
        10.032500006258488,
        10.734999991953373
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "y-indexeddb does not say when something is stored"
    },
    {
     "contender": "triplit",
     "measures": {
      "relaxed": {
       "median": 0.7837500013411045,
       "min": 0.7325000017881393,
       "max": 0.8350000008940697,
       "samples": [
        0.8350000008940697,
        0.7325000017881393
       ]
      },
      "relaxed, online": {
       "median": 0.6875000074505806,
       "min": 0.6625000089406967,
       "max": 0.7125000059604645,
       "samples": [
        0.7125000059604645,
        0.6625000089406967
       ]
      }
     }
    }
   ]
  },
  {
   "key": "e",
   "title": "update → live query callback has it (before durability)",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 0.32875000312924385,
       "min": 0.317500002682209,
       "max": 0.3400000035762787,
       "samples": [
        0.317500002682209,
        0.3400000035762787
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {
      "median": {
       "median": 0.9000000022351742,
       "min": 0.8599999994039536,
       "max": 0.9400000050663948,
       "samples": [
        0.9400000050663948,
        0.8599999994039536
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "median": {
       "median": 1.442500002682209,
       "min": 1.2625000029802322,
       "max": 1.6225000023841858,
       "samples": [
        1.2625000029802322,
        1.6225000023841858
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "median": {
       "median": 3.3925000056624413,
       "min": 2.790000006556511,
       "max": 3.9950000047683716,
       "samples": [
        3.9950000047683716,
        2.790000006556511
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "failed: page.evaluate: Target page, context or browser has been closed"
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "median": {
       "median": 0.5262500010430813,
       "min": 0.45750000327825546,
       "max": 0.5949999988079071,
       "samples": [
        0.5949999988079071,
        0.45750000327825546
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "median": {
       "median": 62.506249997764826,
       "min": 54.639999993145466,
       "max": 70.37250000238419,
       "samples": [
        70.37250000238419,
        54.639999993145466
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "median": {
       "median": 17.449999999254942,
       "min": 17.05749999731779,
       "max": 17.842500001192093,
       "samples": [
        17.842500001192093,
        17.05749999731779
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "median": {
       "median": 21.351250000298023,
       "min": 21.18749999254942,
       "max": 21.515000008046627,
       "samples": [
        21.515000008046627,
        21.18749999254942
       ]
      }
     }
    }
   ]
  },
  {
   "key": "f",
   "title": "heap after the first result, everything resident",
   "unit": "MB",
   "better": "less",
   "targets": [
    {
     "measure": "heap",
     "says": "≤ 30",
     "bound": 30,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "heap": {
       "median": 19.328918,
       "min": 19.061567,
       "max": 19.596269000000003,
       "samples": [
        19.061567,
        19.596269000000003
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {
      "heap": {
       "median": 23.919239,
       "min": 23.919239,
       "max": 23.919239,
       "samples": [
        23.919239,
        23.919239
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "heap": {
       "median": 0.15737900000000016,
       "min": 0.15737900000000016,
       "max": 0.15737900000000016,
       "samples": [
        0.15737900000000016,
        0.15737900000000016
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "heap": {
       "median": 0.8487640000000001,
       "min": 0.830422,
       "max": 0.8671060000000002,
       "samples": [
        0.830422,
        0.8671060000000002
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "failed: page.evaluate: Target page, context or browser has been closed"
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "heap": {
       "median": 67.08846799999999,
       "min": 67.08412799999999,
       "max": 67.09280799999999,
       "samples": [
        67.08412799999999,
        67.09280799999999
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "heap": {
       "median": 0.456407,
       "min": 0.44058200000000003,
       "max": 0.472232,
       "samples": [
        0.44058200000000003,
        0.472232
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "heap": {
       "median": 182.178941,
       "min": 182.175221,
       "max": 182.182661,
       "samples": [
        182.182661,
        182.175221
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "heap": {
       "median": 48.286666,
       "min": 48.285436000000004,
       "max": 48.287895999999996,
       "samples": [
        48.285436000000004,
        48.287895999999996
       ]
      }
     }
    }
   ]
  },
  {
   "key": "g",
   "title": "bundle of what this takes, sync included, minified and gzipped",
   "unit": "kB",
   "better": "less",
   "targets": [
    {
     "measure": "size",
     "says": "≤ 20",
     "bound": 20,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "size": {
       "median": 51.548,
       "min": 51.548,
       "max": 51.548,
       "samples": [
        51.548,
        51.548
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "size": {
       "median": 31.343,
       "min": 31.343,
       "max": 31.343,
       "samples": [
        31.343,
        31.343
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "size": {
       "median": 87.989,
       "min": 87.989,
       "max": 87.989,
       "samples": [
        87.989,
        87.989
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "size": {
       "median": 23.624,
       "min": 23.624,
       "max": 23.624,
       "samples": [
        23.624,
        23.624
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "size": {
       "median": 74.252,
       "min": 74.252,
       "max": 74.252,
       "samples": [
        74.252,
        74.252
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "size": {
       "median": 54.438,
       "min": 54.438,
       "max": 54.438,
       "samples": [
        54.438,
        54.438
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "size": {
       "median": 31.451,
       "min": 31.451,
       "max": 31.451,
       "samples": [
        31.451,
        31.451
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "size": {
       "median": 70.552,
       "min": 70.552,
       "max": 70.552,
       "samples": [
        70.552,
        70.552
       ]
      }
     }
    }
   ]
  },
  {
   "key": "h",
   "title": "first sync to a fresh client, until it can be asked for and is stored",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "all",
     "says": "≥ 0.65 × the limit",
     "bound": 226401.42232426486,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "all": {
       "median": 250037.73882115283,
       "min": 225527.45232852842,
       "max": 274548.0253137772,
       "samples": [
        274548.0253137772,
        225527.45232852842
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "all": {
       "median": 10438.991807622126,
       "min": 10002.915849976827,
       "max": 10875.067765267422,
       "samples": [
        10875.067765267422,
        10002.915849976827
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "all": {
       "median": 348309.880498869,
       "min": 327466.23004502663,
       "max": 369153.5309527113,
       "samples": [
        369153.5309527113,
        327466.23004502663
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "all": {
       "median": 2208.8626668098286,
       "min": 2016.9315351581683,
       "max": 2400.793798461489,
       "samples": [
        2400.793798461489,
        2016.9315351581683
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "failed: gave up after 150 s"
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "all": {
       "median": 763.1195685765676,
       "min": 726.2718718135988,
       "max": 799.9672653395367,
       "samples": [
        799.9672653395367,
        726.2718718135988
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "all": {
       "median": 39059.246717284506,
       "min": 34515.965359855276,
       "max": 43602.528074713744,
       "samples": [
        43602.528074713744,
        34515.965359855276
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "all": {
       "median": 5073.926950732821,
       "min": 5050.4527604643,
       "max": 5097.401141001342,
       "samples": [
        5097.401141001342,
        5050.4527604643
       ]
      }
     }
    }
   ]
  },
  {
   "key": "i",
   "title": "A updates → B’s live query has it, loopback, stored on both sides and the server",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 1.2 × bare SSE",
     "bound": 8.038403320312499,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 12.46380615234375,
       "min": 12.1451416015625,
       "max": 12.782470703125,
       "samples": [
        12.1451416015625,
        12.782470703125
       ]
      },
      "p95": {
       "median": 16.675048828125,
       "min": 16.215087890625,
       "max": 17.135009765625,
       "samples": [
        16.215087890625,
        17.135009765625
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "median": {
       "median": 6.69866943359375,
       "min": 6.6400146484375,
       "max": 6.75732421875,
       "samples": [
        6.75732421875,
        6.6400146484375
       ]
      },
      "p95": {
       "median": 8.4725341796875,
       "min": 8.385009765625,
       "max": 8.56005859375,
       "samples": [
        8.56005859375,
        8.385009765625
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "median": {
       "median": 3.592529296875,
       "min": 3.5201416015625,
       "max": 3.6649169921875,
       "samples": [
        3.6649169921875,
        3.5201416015625
       ]
      },
      "p95": {
       "median": 4.512451171875,
       "min": 4.48486328125,
       "max": 4.5400390625,
       "samples": [
        4.48486328125,
        4.5400390625
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "median": {
       "median": 15.5361328125,
       "min": 15.3272705078125,
       "max": 15.7449951171875,
       "samples": [
        15.7449951171875,
        15.3272705078125
       ]
      },
      "p95": {
       "median": 19.787353515625,
       "min": 19.009765625,
       "max": 20.56494140625,
       "samples": [
        20.56494140625,
        19.009765625
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "median": {
       "median": 11.55267333984375,
       "min": 9.665283203125,
       "max": 13.4400634765625,
       "samples": [
        13.4400634765625,
        9.665283203125
       ]
      },
      "p95": {
       "median": 121.6275634765625,
       "min": 117.46533203125,
       "max": 125.789794921875,
       "samples": [
        125.789794921875,
        117.46533203125
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "median": {
       "median": 108.83636474609375,
       "min": 102.26025390625,
       "max": 115.4124755859375,
       "samples": [
        102.26025390625,
        115.4124755859375
       ]
      },
      "p95": {
       "median": 151.1575927734375,
       "min": 144.230224609375,
       "max": 158.0849609375,
       "samples": [
        144.230224609375,
        158.0849609375
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "median": {
       "median": 3.7100830078125,
       "min": 3.66259765625,
       "max": 3.757568359375,
       "samples": [
        3.66259765625,
        3.757568359375
       ]
      },
      "p95": {
       "median": 5.22509765625,
       "min": 5.10498046875,
       "max": 5.34521484375,
       "samples": [
        5.10498046875,
        5.34521484375
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "median": {
       "median": 54.81744384765625,
       "min": 54.537353515625,
       "max": 55.0975341796875,
       "samples": [
        54.537353515625,
        55.0975341796875
       ]
      },
      "p95": {
       "median": 64.409912109375,
       "min": 61.775146484375,
       "max": 67.044677734375,
       "samples": [
        67.044677734375,
        61.775146484375
       ]
      }
     }
    }
   ]
  },
  {
   "key": "j",
   "title": "1,000 offline updates of distinct records, reconnect → B has all",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "all",
     "says": "≤ 100",
     "bound": 100,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "all": {
       "median": 512.5377197265625,
       "min": 486.89013671875,
       "max": 538.185302734375,
       "samples": [
        538.185302734375,
        486.89013671875
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "all": {
       "median": 1744.590087890625,
       "min": 1742.090087890625,
       "max": 1747.090087890625,
       "samples": [
        1742.090087890625,
        1747.090087890625
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "all": {
       "median": 319.6273193359375,
       "min": 309.204833984375,
       "max": 330.0498046875,
       "samples": [
        309.204833984375,
        330.0498046875
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "all": {
       "median": 6580.0474853515625,
       "min": 6558.244873046875,
       "max": 6601.85009765625,
       "samples": [
        6558.244873046875,
        6601.85009765625
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "all": {
       "median": 373.719970703125,
       "min": 232.159912109375,
       "max": 515.280029296875,
       "samples": [
        232.159912109375,
        515.280029296875
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "all": {
       "median": 651.232421875,
       "min": 618.0048828125,
       "max": 684.4599609375,
       "samples": [
        618.0048828125,
        684.4599609375
       ]
      }
     }
    }
   ]
  },
  {
   "key": "k",
   "title": "writes accepted from 20 concurrent clients, durable",
   "unit": "writes/s",
   "better": "more",
   "targets": [
    {
     "measure": "accepted",
     "says": "≥ 2 × the bare handler",
     "bound": 5783.213998894673,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "accepted": {
       "median": 2124.4190041182683,
       "min": 1904.470024960435,
       "max": 2344.3679832761018,
       "samples": [
        2344.3679832761018,
        1904.470024960435
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {
      "accepted": {
       "median": 2891.6069994473364,
       "min": 2685.190617400476,
       "max": 3098.023381494197,
       "samples": [
        3098.023381494197,
        2685.190617400476
       ]
      }
     }
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "accepted": {
       "median": 2673.2641108026082,
       "min": 2389.0992138220404,
       "max": 2957.4290077831756,
       "samples": [
        2957.4290077831756,
        2389.0992138220404
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "accepted": {
       "median": 1661.104778574233,
       "min": 1542.1880111054409,
       "max": 1780.021546043025,
       "samples": [
        1780.021546043025,
        1542.1880111054409
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "triplit",
     "measures": {},
     "gap": "only its client speaks its protocol"
    }
   ]
  },
  {
   "key": "l",
   "title": "bytes of body for a one-field update: up, and down to another client",
   "unit": "B",
   "better": "less",
   "targets": [
    {
     "measure": "up",
     "says": "≤ 250",
     "bound": 250,
     "met": true
    },
    {
     "measure": "down",
     "says": "≤ 200",
     "bound": 200,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "up": {
       "median": 247,
       "min": 247,
       "max": 247,
       "samples": [
        247,
        247
       ]
      },
      "down": {
       "median": 197.5,
       "min": 197,
       "max": 198,
       "samples": [
        197,
        198
       ]
      },
      "back to the writer": {
       "median": 392.5,
       "min": 392,
       "max": 393,
       "samples": [
        392,
        393
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "up": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46,
        46
       ]
      },
      "down": {
       "median": 54,
       "min": 54,
       "max": 54,
       "samples": [
        54,
        54
       ]
      },
      "back to the writer": {
       "median": 54,
       "min": 54,
       "max": 54,
       "samples": [
        54,
        54
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "up": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46,
        46
       ]
      },
      "down": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46,
        46
       ]
      },
      "back to the writer": {
       "median": 0,
       "min": 0,
       "max": 0,
       "samples": [
        0,
        0
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "up": {
       "median": 570,
       "min": 570,
       "max": 570,
       "samples": [
        570,
        570
       ]
      },
      "down": {
       "median": 309,
       "min": 309,
       "max": 309,
       "samples": [
        309,
        309
       ]
      },
      "back to the writer": {
       "median": 311,
       "min": 311,
       "max": 311,
       "samples": [
        311,
        311
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "up": {
       "median": 108,
       "min": 108,
       "max": 108,
       "samples": [
        108,
        108
       ]
      },
      "down": {
       "median": 132,
       "min": 132,
       "max": 132,
       "samples": [
        132,
        132
       ]
      },
      "back to the writer": {
       "median": 0,
       "min": 0,
       "max": 0,
       "samples": [
        0,
        0
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "up": {
       "median": 1000.5,
       "min": 1000.5,
       "max": 1000.5,
       "samples": [
        1000.5,
        1000.5
       ]
      },
      "down": {
       "median": 1398.5,
       "min": 1398.5,
       "max": 1398.5,
       "samples": [
        1398.5,
        1398.5
       ]
      },
      "back to the writer": {
       "median": 975.5,
       "min": 975,
       "max": 976,
       "samples": [
        976,
        975
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "up": {
       "median": 42,
       "min": 42,
       "max": 42,
       "samples": [
        42,
        42
       ]
      },
      "down": {
       "median": 42,
       "min": 42,
       "max": 42,
       "samples": [
        42,
        42
       ]
      },
      "back to the writer": {
       "median": 50,
       "min": 50,
       "max": 50,
       "samples": [
        50,
        50
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "up": {
       "median": 198,
       "min": 198,
       "max": 198,
       "samples": [
        198,
        198
       ]
      },
      "down": {
       "median": 508,
       "min": 508,
       "max": 508,
       "samples": [
        508,
        508
       ]
      },
      "back to the writer": {
       "median": 581,
       "min": 581,
       "max": 581,
       "samples": [
        581,
        581
       ]
      }
     }
    }
   ]
  },
  {
   "key": "m",
   "title": "idle live streams (5,000): memory of the server above empty; one change told to all",
   "unit": "MB, ms",
   "better": "less",
   "targets": [
    {
     "measure": "memory",
     "says": "≤ 150 MB",
     "bound": 150,
     "met": false
    },
    {
     "measure": "fan-out",
     "says": "≤ 500 ms",
     "bound": 500,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "memory": {
       "median": 196.214784,
       "min": 188.481536,
       "max": 203.948032,
       "samples": [
        203.948032,
        188.481536
       ]
      },
      "fan-out": {
       "median": 219.66580550000072,
       "min": 213.3810760001652,
       "max": 225.95053499983624,
       "samples": [
        225.95053499983624,
        213.3810760001652
       ]
      },
      "heap per stream, kB": {
       "median": 13.019168,
       "min": 13.0148704,
       "max": 13.0234656,
       "samples": [
        13.0148704,
        13.0234656
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "memory": {
       "median": 91.488256,
       "min": 90.832896,
       "max": 92.143616,
       "samples": [
        92.143616,
        90.832896
       ]
      },
      "fan-out": {
       "median": 126.33884500013664,
       "min": 120.1599030001089,
       "max": 132.5177870001644,
       "samples": [
        132.5177870001644,
        120.1599030001089
       ]
      },
      "heap per stream, kB": {
       "median": 4.8465392000000005,
       "min": 4.8139088,
       "max": 4.8791696,
       "samples": [
        4.8139088,
        4.8791696
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "memory": {
       "median": 43.86816,
       "min": 43.147264,
       "max": 44.589056,
       "samples": [
        44.589056,
        43.147264
       ]
      },
      "fan-out": {
       "median": 82.40041150012985,
       "min": 73.9827290000394,
       "max": 90.8180940002203,
       "samples": [
        90.8180940002203,
        73.9827290000394
       ]
      },
      "heap per stream, kB": {
       "median": 2.846528,
       "min": 2.8460767999999996,
       "max": 2.8469792000000003,
       "samples": [
        2.8469792000000003,
        2.8460767999999996
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "memory": {
       "median": 212.006912,
       "min": 211.02592,
       "max": 212.987904,
       "samples": [
        211.02592,
        212.987904
       ]
      },
      "fan-out": {
       "median": 211.40492649981752,
       "min": 206.4966799998656,
       "max": 216.31317299976945,
       "samples": [
        216.31317299976945,
        206.4966799998656
       ]
      },
      "heap per stream, kB": {
       "median": 18.600687999999998,
       "min": 18.5686064,
       "max": 18.6327696,
       "samples": [
        18.6327696,
        18.5686064
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {},
     "gap": "its feed has to be asked again after each change"
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "triplit",
     "measures": {},
     "gap": "only its client speaks its protocol"
    }
   ]
  },
  {
   "key": "n",
   "title": "rows b, c, e, i and l as the space grows, and i and l with the spaces on the server",
   "unit": "ms, B",
   "better": "less",
   "targets": [],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "b reload at 1,000": {
       "median": 20.589999996125698,
       "min": 8.759999990463257,
       "max": 32.42000000178814,
       "samples": [
        8.759999990463257,
        32.42000000178814
       ]
      },
      "c at 1,000": {
       "median": 0.1237500011920929,
       "min": 0.11500000208616257,
       "max": 0.13250000029802322,
       "samples": [
        0.13250000029802322,
        0.11500000208616257
       ]
      },
      "e at 1,000": {
       "median": 0.2799999937415123,
       "min": 0.26999999582767487,
       "max": 0.28999999165534973,
       "samples": [
        0.26999999582767487,
        0.28999999165534973
       ]
      },
      "i at 1,000": {
       "median": 11.92242431640625,
       "min": 11.2000732421875,
       "max": 12.644775390625,
       "samples": [
        11.2000732421875,
        12.644775390625
       ]
      },
      "l up at 1,000": {
       "median": 247,
       "min": 247,
       "max": 247,
       "samples": [
        247,
        247
       ]
      },
      "l down at 1,000": {
       "median": 197.5,
       "min": 197,
       "max": 198,
       "samples": [
        198,
        197
       ]
      },
      "b reload at 10,000": {
       "median": 39.48499999940395,
       "min": 39.435000002384186,
       "max": 39.53499999642372,
       "samples": [
        39.435000002384186,
        39.53499999642372
       ]
      },
      "c at 10,000": {
       "median": 0.42125000059604645,
       "min": 0.3774999976158142,
       "max": 0.4650000035762787,
       "samples": [
        0.3774999976158142,
        0.4650000035762787
       ]
      },
      "e at 10,000": {
       "median": 0.30375000089406967,
       "min": 0.29749999940395355,
       "max": 0.3100000023841858,
       "samples": [
        0.29749999940395355,
        0.3100000023841858
       ]
      },
      "i at 10,000": {
       "median": 12.63519287109375,
       "min": 12.0250244140625,
       "max": 13.245361328125,
       "samples": [
        12.0250244140625,
        13.245361328125
       ]
      },
      "l up at 10,000": {
       "median": 248,
       "min": 248,
       "max": 248,
       "samples": [
        248,
        248
       ]
      },
      "l down at 10,000": {
       "median": 198,
       "min": 198,
       "max": 198,
       "samples": [
        198,
        198
       ]
      },
      "b reload at 100,000": {
       "median": 108.57249999791384,
       "min": 102.5249999910593,
       "max": 114.62000000476837,
       "samples": [
        114.62000000476837,
        102.5249999910593
       ]
      },
      "c at 100,000": {
       "median": 1.0974999964237213,
       "min": 1.0474999994039536,
       "max": 1.147499993443489,
       "samples": [
        1.0474999994039536,
        1.147499993443489
       ]
      },
      "e at 100,000": {
       "median": 0.3737500011920929,
       "min": 0.3425000011920929,
       "max": 0.4050000011920929,
       "samples": [
        0.3425000011920929,
        0.4050000011920929
       ]
      },
      "i at 100,000": {
       "median": 13.9561767578125,
       "min": 12.044921875,
       "max": 15.867431640625,
       "samples": [
        12.044921875,
        15.867431640625
       ]
      },
      "l up at 100,000": {
       "median": 249,
       "min": 249,
       "max": 249,
       "samples": [
        249,
        249
       ]
      },
      "l down at 100,000": {
       "median": 199,
       "min": 199,
       "max": 199,
       "samples": [
        199,
        199
       ]
      },
      "b reload at 1,000,000": {
       "median": 1198.1050000041723,
       "min": 794.9399999976158,
       "max": 1601.2700000107288,
       "samples": [
        794.9399999976158,
        1601.2700000107288
       ]
      },
      "c at 1,000,000": {
       "median": 7.628750003874302,
       "min": 6.505000002682209,
       "max": 8.752500005066395,
       "samples": [
        6.505000002682209,
        8.752500005066395
       ]
      },
      "e at 1,000,000": {
       "median": 0.36374999955296516,
       "min": 0.35750000178813934,
       "max": 0.369999997317791,
       "samples": [
        0.35750000178813934,
        0.369999997317791
       ]
      },
      "i at 1,000,000": {
       "median": 13.8262939453125,
       "min": 12.5526123046875,
       "max": 15.0999755859375,
       "samples": [
        12.5526123046875,
        15.0999755859375
       ]
      },
      "l up at 1,000,000": {
       "median": 250,
       "min": 250,
       "max": 250,
       "samples": [
        250,
        250
       ]
      },
      "l down at 1,000,000": {
       "median": 200.5,
       "min": 200,
       "max": 201,
       "samples": [
        200,
        201
       ]
      },
      "i with 10 spaces": {
       "median": 11.6888427734375,
       "min": 10.9625244140625,
       "max": 12.4151611328125,
       "samples": [
        10.9625244140625,
        12.4151611328125
       ]
      },
      "l up with 10 spaces": {
       "median": 247,
       "min": 247,
       "max": 247,
       "samples": [
        247,
        247
       ]
      },
      "l down with 10 spaces": {
       "median": 197.5,
       "min": 197,
       "max": 198,
       "samples": [
        197,
        198
       ]
      },
      "i with 100 spaces": {
       "median": 13.0262451171875,
       "min": 12.1824951171875,
       "max": 13.8699951171875,
       "samples": [
        13.8699951171875,
        12.1824951171875
       ]
      },
      "l up with 100 spaces": {
       "median": 247,
       "min": 247,
       "max": 247,
       "samples": [
        247,
        247
       ]
      },
      "l down with 100 spaces": {
       "median": 197,
       "min": 197,
       "max": 197,
       "samples": [
        197,
        197
       ]
      },
      "i with 1,000 spaces": {
       "median": 11.60369873046875,
       "min": 10.9224853515625,
       "max": 12.284912109375,
       "samples": [
        10.9224853515625,
        12.284912109375
       ]
      },
      "l up with 1,000 spaces": {
       "median": 247,
       "min": 247,
       "max": 247,
       "samples": [
        247,
        247
       ]
      },
      "l down with 1,000 spaces": {
       "median": 197.75,
       "min": 197,
       "max": 198.5,
       "samples": [
        197,
        198.5
       ]
      },
      "i with 10,000 spaces": {
       "median": 13.0374755859375,
       "min": 12.277587890625,
       "max": 13.79736328125,
       "samples": [
        13.79736328125,
        12.277587890625
       ]
      },
      "l up with 10,000 spaces": {
       "median": 247,
       "min": 247,
       "max": 247,
       "samples": [
        247,
        247
       ]
      },
      "l down with 10,000 spaces": {
       "median": 197,
       "min": 197,
       "max": 197,
       "samples": [
        197,
        197
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {},
     "gap": "not written yet"
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {},
     "gap": "not written yet"
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "triplit",
     "measures": {},
     "gap": "only its client speaks its protocol"
    }
   ]
  }
 ]
},
{
 "at": "2026-11-21T21:52:44.930Z",
 "command": "pnpm bench --only c,m --runs 2 --with holdfast,raw-rows,raw-packed,bare-sse,bare-websocket,dexie,rxdb,tanstack-db,pouchdb,yjs,triplit --note servers with --max-semi-space-size=16, and a second to itself before the queries of c",
 "commit": "7081ff9",
 "note": "servers with --max-semi-space-size=16, and a second to itself before the queries of c",
 "quick": false,
 "records": 100000,
 "machine": {
  "cpu": "AMD EPYC",
  "cores": 2,
  "memoryGB": 24,
  "os": "linux 6.18.44-fc-v595",
  "node": "v24.21.0",
  "chromium": "Chromium 153.0.8010.0",
  "loadBefore": 0.94
 },
 "contenders": [
  {
   "name": "holdfast",
   "kind": "holdfast",
   "versions": {}
  },
  {
   "name": "raw-rows",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-packed",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-sse",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-websocket",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "dexie",
   "kind": "peer",
   "versions": {
    "dexie": "4.4.7"
   }
  },
  {
   "name": "rxdb",
   "kind": "peer",
   "versions": {
    "rxdb": "17.6.0",
    "rxjs": "7.8.2"
   }
  },
  {
   "name": "tanstack-db",
   "kind": "peer",
   "versions": {
    "@tanstack/db": "0.8.7",
    "@tanstack/offline-transactions": "1.0.53"
   }
  },
  {
   "name": "pouchdb",
   "kind": "peer",
   "versions": {
    "pouchdb-browser": "9.0.0",
    "pouchdb-find": "9.0.0",
    "express-pouchdb": "4.2.0"
   }
  },
  {
   "name": "yjs",
   "kind": "peer",
   "versions": {
    "yjs": "13.6.33",
    "y-indexeddb": "9.0.12",
    "@hocuspocus/provider": "4.7.0",
    "@hocuspocus/server": "4.7.0"
   }
  },
  {
   "name": "triplit",
   "kind": "peer",
   "versions": {
    "@triplit/client": "1.0.50",
    "@triplit/server": "1.1.8"
   }
  }
 ],
 "rows": [
  {
   "key": "c",
   "title": "that query warm, another list each time",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 0.4112499952316284,
       "min": 0.3974999934434891,
       "max": 0.42499999701976776,
       "samples": [
        0.3974999934434891,
        0.42499999701976776
       ]
      },
      "p95": {
       "median": 1.1649999991059303,
       "min": 1.094999998807907,
       "max": 1.2349999994039536,
       "samples": [
        1.094999998807907,
        1.2349999994039536
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "median": {
       "median": 3.683749996125698,
       "min": 3.25,
       "max": 4.117499992251396,
       "samples": [
        3.25,
        4.117499992251396
       ]
      },
      "p95": {
       "median": 6.652499996125698,
       "min": 5.534999996423721,
       "max": 7.769999995827675,
       "samples": [
        5.534999996423721,
        7.769999995827675
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "median": {
       "median": 0.8562499992549419,
       "min": 0.8200000002980232,
       "max": 0.8924999982118607,
       "samples": [
        0.8924999982118607,
        0.8200000002980232
       ]
      },
      "p95": {
       "median": 1.0575000047683716,
       "min": 0.9800000041723251,
       "max": 1.135000005364418,
       "samples": [
        0.9800000041723251,
        1.135000005364418
       ]
      }
     }
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "median": {
       "median": 1.5712499991059303,
       "min": 1.5275000035762787,
       "max": 1.614999994635582,
       "samples": [
        1.5275000035762787,
        1.614999994635582
       ]
      },
      "p95": {
       "median": 2.5600000098347664,
       "min": 2.5550000071525574,
       "max": 2.5650000125169754,
       "samples": [
        2.5550000071525574,
        2.5650000125169754
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "median": {
       "median": 25.50875000283122,
       "min": 24.29500000923872,
       "max": 26.72249999642372,
       "samples": [
        26.72249999642372,
        24.29500000923872
       ]
      },
      "p95": {
       "median": 47.01249999552965,
       "min": 44.29999999701977,
       "max": 49.724999994039536,
       "samples": [
        49.724999994039536,
        44.29999999701977
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "median": {
       "median": 31.11125000193715,
       "min": 30.149999998509884,
       "max": 32.07250000536442,
       "samples": [
        32.07250000536442,
        30.149999998509884
       ]
      },
      "p95": {
       "median": 42.17999999970198,
       "min": 37.86499999463558,
       "max": 46.49500000476837,
       "samples": [
        46.49500000476837,
        37.86499999463558
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "median": {
       "median": 23.297499999403954,
       "min": 22.02750000357628,
       "max": 24.56749999523163,
       "samples": [
        24.56749999523163,
        22.02750000357628
       ]
      },
      "p95": {
       "median": 45.100000001490116,
       "min": 43.57999999821186,
       "max": 46.62000000476837,
       "samples": [
        46.62000000476837,
        43.57999999821186
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "median": {
       "median": 23.052499998360872,
       "min": 20.282500006258488,
       "max": 25.822499990463257,
       "samples": [
        25.822499990463257,
        20.282500006258488
       ]
      },
      "p95": {
       "median": 31.589999996125698,
       "min": 23.21500000357628,
       "max": 39.96499998867512,
       "samples": [
        39.96499998867512,
        23.21500000357628
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "median": {
       "median": 74.79499999806285,
       "min": 74.58499999344349,
       "max": 75.00500000268221,
       "samples": [
        74.58499999344349,
        75.00500000268221
       ]
      },
      "p95": {
       "median": 98.93249999731779,
       "min": 93.98499999940395,
       "max": 103.87999999523163,
       "samples": [
        103.87999999523163,
        93.98499999940395
       ]
      }
     }
    }
   ]
  },
  {
   "key": "m",
   "title": "idle live streams (5,000): memory of the server above empty; one change told to all",
   "unit": "MB, ms",
   "better": "less",
   "targets": [
    {
     "measure": "memory",
     "says": "≤ 150 MB",
     "bound": 150,
     "met": true
    },
    {
     "measure": "fan-out",
     "says": "≤ 500 ms",
     "bound": 500,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "memory": {
       "median": 130.154496,
       "min": 130.154496,
       "max": 130.154496,
       "samples": [
        130.154496,
        130.154496
       ]
      },
      "fan-out": {
       "median": 189.7154360000277,
       "min": 178.40208100003656,
       "max": 201.02879100001883,
       "samples": [
        201.02879100001883,
        178.40208100003656
       ]
      },
      "heap per stream, kB": {
       "median": 13.0012696,
       "min": 12.9867664,
       "max": 13.0157728,
       "samples": [
        13.0157728,
        12.9867664
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "memory": {
       "median": 92.340224,
       "min": 91.226112,
       "max": 93.454336,
       "samples": [
        91.226112,
        93.454336
       ]
      },
      "fan-out": {
       "median": 132.7061925000162,
       "min": 121.35963800002355,
       "max": 144.05274700000882,
       "samples": [
        121.35963800002355,
        144.05274700000882
       ]
      },
      "heap per stream, kB": {
       "median": 4.8470688,
       "min": 4.8144784,
       "max": 4.8796592,
       "samples": [
        4.8144784,
        4.8796592
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "memory": {
       "median": 43.39712,
       "min": 42.7008,
       "max": 44.09344,
       "samples": [
        44.09344,
        42.7008
       ]
      },
      "fan-out": {
       "median": 118.7349979999999,
       "min": 94.6042899999884,
       "max": 142.86570600001141,
       "samples": [
        94.6042899999884,
        142.86570600001141
       ]
      },
      "heap per stream, kB": {
       "median": 2.8231712,
       "min": 2.7985184,
       "max": 2.847824,
       "samples": [
        2.7985184,
        2.847824
       ]
      }
     }
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "memory": {
       "median": 164.20864,
       "min": 162.660352,
       "max": 165.756928,
       "samples": [
        165.756928,
        162.660352
       ]
      },
      "fan-out": {
       "median": 310.3548615000036,
       "min": 293.4608649999718,
       "max": 327.2488580000354,
       "samples": [
        327.2488580000354,
        293.4608649999718
       ]
      },
      "heap per stream, kB": {
       "median": 18.6262288,
       "min": 18.6244928,
       "max": 18.6279648,
       "samples": [
        18.6279648,
        18.6244928
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {},
     "gap": "its feed has to be asked again after each change"
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "triplit",
     "measures": {},
     "gap": "only its client speaks its protocol"
    }
   ]
  }
 ]
},
{
 "at": "2026-11-21T23:41:26.235Z",
 "command": "pnpm bench --runs 2 --patience 150 --note Session 8: the commit of issue 6",
 "commit": "e5c377b",
 "note": "Session 8: the commit of issue 6",
 "quick": false,
 "records": 100000,
 "machine": {
  "cpu": "AMD EPYC",
  "cores": 2,
  "memoryGB": 24,
  "os": "linux 6.18.44-fc-v595",
  "node": "v24.21.0",
  "chromium": "Chromium 153.0.8010.0",
  "loadBefore": 0.46
 },
 "contenders": [
  {
   "name": "holdfast",
   "kind": "holdfast",
   "versions": {}
  },
  {
   "name": "raw-rows",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-packed",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-log",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-sse",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-websocket",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-handler",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "dexie",
   "kind": "peer",
   "versions": {
    "dexie": "4.4.7"
   }
  },
  {
   "name": "rxdb",
   "kind": "peer",
   "versions": {
    "rxdb": "17.6.0",
    "rxjs": "7.8.2"
   }
  },
  {
   "name": "tinybase",
   "kind": "peer",
   "versions": {
    "tinybase": "10.0.1"
   }
  },
  {
   "name": "tanstack-db",
   "kind": "peer",
   "versions": {
    "@tanstack/db": "0.8.7",
    "@tanstack/offline-transactions": "1.0.53"
   }
  },
  {
   "name": "pouchdb",
   "kind": "peer",
   "versions": {
    "pouchdb-browser": "9.0.0",
    "pouchdb-find": "9.0.0",
    "express-pouchdb": "4.2.0"
   }
  },
  {
   "name": "yjs",
   "kind": "peer",
   "versions": {
    "yjs": "13.6.33",
    "y-indexeddb": "9.0.12",
    "@hocuspocus/provider": "4.7.0",
    "@hocuspocus/server": "4.7.0"
   }
  },
  {
   "name": "triplit",
   "kind": "peer",
   "versions": {
    "@triplit/client": "1.0.50",
    "@triplit/server": "1.1.8"
   }
  }
 ],
 "rows": [
  {
   "key": "a",
   "title": "bulk insert by local transactions of 1,000, durable, queued for sync",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≥ 100,000",
     "bound": 100000,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "relaxed": {
       "median": 24050.818569794785,
       "min": 23533.121692135486,
       "max": 24568.515447454087,
       "samples": [
        23533.121692135486,
        24568.515447454087
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "relaxed": {
       "median": 7437.801422276536,
       "min": 7147.950057269904,
       "max": 7727.652787283168,
       "samples": [
        7147.950057269904,
        7727.652787283168
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "relaxed": {
       "median": 177826.6904687879,
       "min": 164097.1783501418,
       "max": 191556.20258743403,
       "samples": [
        191556.20258743403,
        164097.1783501418
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "relaxed": {
       "median": 6938.339556533607,
       "min": 6611.884995516621,
       "max": 7264.794117550593,
       "samples": [
        6611.884995516621,
        7264.794117550593
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "relaxed": {
       "median": 3539.831408647953,
       "min": 3386.0249607600667,
       "max": 3693.637856535839,
       "samples": [
        3386.0249607600667,
        3693.637856535839
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "relaxed": {
       "median": 956.3892723640256,
       "min": 911.1316368821531,
       "max": 1001.6469078458981,
       "samples": [
        1001.6469078458981,
        911.1316368821531
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "its outbox is for what people do, and records are in memory only"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "relaxed": {
       "median": 2816.080411793757,
       "min": 2553.6776661229055,
       "max": 3078.483157464608,
       "samples": [
        3078.483157464608,
        2553.6776661229055
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "y-indexeddb does not say when something is stored"
    },
    {
     "contender": "triplit",
     "measures": {
      "relaxed": {
       "median": 6371.376813563082,
       "min": 6048.479775093982,
       "max": 6694.273852032182,
       "samples": [
        6694.273852032182,
        6048.479775093982
       ]
      }
     }
    }
   ]
  },
  {
   "key": "b",
   "title": "page load → first result of a list’s open records, newest 50",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "new browser",
     "says": "≤ 100",
     "bound": 100,
     "met": false
    },
    {
     "measure": "reload",
     "says": "≤ 50",
     "bound": 50,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "new browser": {
       "median": 158.63749999552965,
       "min": 149.79999999701977,
       "max": 167.47499999403954,
       "samples": [
        167.47499999403954,
        149.79999999701977
       ]
      },
      "reload": {
       "median": 169.97249999642372,
       "min": 115.73499999940395,
       "max": 224.2099999934435,
       "samples": [
        224.2099999934435,
        115.73499999940395
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "new browser": {
       "median": 114.1524999961257,
       "min": 104.20499999821186,
       "max": 124.09999999403954,
       "samples": [
        124.09999999403954,
        104.20499999821186
       ]
      },
      "reload": {
       "median": 36.07500000298023,
       "min": 33.21500000357628,
       "max": 38.935000002384186,
       "samples": [
        38.935000002384186,
        33.21500000357628
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "new browser": {
       "median": 204.25499999523163,
       "min": 188.7199999988079,
       "max": 219.78999999165535,
       "samples": [
        219.78999999165535,
        188.7199999988079
       ]
      },
      "reload": {
       "median": 191.94249999523163,
       "min": 169.1499999910593,
       "max": 214.73499999940395,
       "samples": [
        214.73499999940395,
        169.1499999910593
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "new browser": {
       "median": 132.86499999463558,
       "min": 124.09999999403954,
       "max": 141.62999999523163,
       "samples": [
        141.62999999523163,
        124.09999999403954
       ]
      },
      "reload": {
       "median": 8.24999999254942,
       "min": 5.864999994635582,
       "max": 10.634999990463257,
       "samples": [
        10.634999990463257,
        5.864999994635582
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "new browser": {
       "median": 363.5925000011921,
       "min": 330.42499999701977,
       "max": 396.7600000053644,
       "samples": [
        396.7600000053644,
        330.42499999701977
       ]
      },
      "reload": {
       "median": 96.01249999552965,
       "min": 95.42499999701977,
       "max": 96.59999999403954,
       "samples": [
        96.59999999403954,
        95.42499999701977
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "failed: gave up after 150 s"
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "new browser": {
       "median": 1749.5824999958277,
       "min": 1635.7299999892712,
       "max": 1863.4350000023842,
       "samples": [
        1635.7299999892712,
        1863.4350000023842
       ]
      },
      "reload": {
       "median": 1528.4349999949336,
       "min": 1442.1599999964237,
       "max": 1614.7099999934435,
       "samples": [
        1442.1599999964237,
        1614.7099999934435
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {},
     "gap": "failed: gave up after 150 s"
    },
    {
     "contender": "yjs",
     "measures": {
      "new browser": {
       "median": 2630.5250000059605,
       "min": 2565.6150000095367,
       "max": 2695.435000002384,
       "samples": [
        2565.6150000095367,
        2695.435000002384
       ]
      },
      "reload": {
       "median": 2151.4099999964237,
       "min": 1852.4249999970198,
       "max": 2450.3949999958277,
       "samples": [
        1852.4249999970198,
        2450.3949999958277
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "new browser": {
       "median": 4472.36249999702,
       "min": 4103.939999997616,
       "max": 4840.784999996424,
       "samples": [
        4840.784999996424,
        4103.939999997616
       ]
      },
      "reload": {
       "median": 3584.4000000059605,
       "min": 3457.655000001192,
       "max": 3711.145000010729,
       "samples": [
        3457.655000001192,
        3711.145000010729
       ]
      }
     }
    }
   ]
  },
  {
   "key": "c",
   "title": "that query warm, another list each time",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 0.5437499992549419,
       "min": 0.4074999988079071,
       "max": 0.6799999997019768,
       "samples": [
        0.4074999988079071,
        0.6799999997019768
       ]
      },
      "p95": {
       "median": 1.8975000008940697,
       "min": 1.280000001192093,
       "max": 2.5150000005960464,
       "samples": [
        1.280000001192093,
        2.5150000005960464
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "median": {
       "median": 3.469999998807907,
       "min": 2.8350000008940697,
       "max": 4.1049999967217445,
       "samples": [
        4.1049999967217445,
        2.8350000008940697
       ]
      },
      "p95": {
       "median": 6.612499997019768,
       "min": 5.8900000005960464,
       "max": 7.334999993443489,
       "samples": [
        7.334999993443489,
        5.8900000005960464
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "median": {
       "median": 0.9725000001490116,
       "min": 0.817500002682209,
       "max": 1.1274999976158142,
       "samples": [
        1.1274999976158142,
        0.817500002682209
       ]
      },
      "p95": {
       "median": 1.160000003874302,
       "min": 0.9650000035762787,
       "max": 1.3550000041723251,
       "samples": [
        1.3550000041723251,
        0.9650000035762787
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "median": {
       "median": 1.793749999254942,
       "min": 1.7524999976158142,
       "max": 1.8350000008940697,
       "samples": [
        1.7524999976158142,
        1.8350000008940697
       ]
      },
      "p95": {
       "median": 4.462499998509884,
       "min": 4.2249999940395355,
       "max": 4.700000002980232,
       "samples": [
        4.2249999940395355,
        4.700000002980232
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "median": {
       "median": 29.127499997615814,
       "min": 26.03999999910593,
       "max": 32.2149999961257,
       "samples": [
        32.2149999961257,
        26.03999999910593
       ]
      },
      "p95": {
       "median": 47.42000000923872,
       "min": 40.145000010728836,
       "max": 54.695000007748604,
       "samples": [
        54.695000007748604,
        40.145000010728836
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "failed: page.evaluate: Target page, context or browser has been closed"
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "median": {
       "median": 32.24625000357628,
       "min": 31.950000002980232,
       "max": 32.542500004172325,
       "samples": [
        31.950000002980232,
        32.542500004172325
       ]
      },
      "p95": {
       "median": 41.980000004172325,
       "min": 40.400000005960464,
       "max": 43.560000002384186,
       "samples": [
        40.400000005960464,
        43.560000002384186
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {},
     "gap": "failed: page.evaluate: Target page, context or browser has been closed"
    },
    {
     "contender": "yjs",
     "measures": {
      "median": {
       "median": 27.105000004172325,
       "min": 22.032500006258488,
       "max": 32.17750000208616,
       "samples": [
        32.17750000208616,
        22.032500006258488
       ]
      },
      "p95": {
       "median": 36.71000000834465,
       "min": 26.760000005364418,
       "max": 46.66000001132488,
       "samples": [
        46.66000001132488,
        26.760000005364418
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "median": {
       "median": 82.28500000759959,
       "min": 74.40000000596046,
       "max": 90.17000000923872,
       "samples": [
        90.17000000923872,
        74.40000000596046
       ]
      },
      "p95": {
       "median": 125.94500000029802,
       "min": 120.26500000059605,
       "max": 131.625,
       "samples": [
        131.625,
        120.26500000059605
       ]
      }
     }
    }
   ]
  },
  {
   "key": "d",
   "title": "one-field update until durable",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≤ 1.2 × the log",
     "bound": 1.0184999987483023,
     "met": false
    },
    {
     "measure": "strict",
     "says": "≤ 1.2 × the log",
     "bound": 1.6170000046491622,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "relaxed": {
       "median": 1.49125000461936,
       "min": 1.4525000005960464,
       "max": 1.5300000086426735,
       "samples": [
        1.4525000005960464,
        1.5300000086426735
       ]
      },
      "strict": {
       "median": 2.1350000016391277,
       "min": 1.8100000023841858,
       "max": 2.4600000008940697,
       "samples": [
        1.8100000023841858,
        2.4600000008940697
       ]
      },
      "relaxed, online": {
       "median": 3.3900000043213367,
       "min": 2.6300000101327896,
       "max": 4.149999998509884,
       "samples": [
        2.6300000101327896,
        4.149999998509884
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "relaxed": {
       "median": 1.226249996572733,
       "min": 1.130000002682209,
       "max": 1.3224999904632568,
       "samples": [
        1.3224999904632568,
        1.130000002682209
       ]
      },
      "strict": {
       "median": 1.8250000029802322,
       "min": 1.8050000071525574,
       "max": 1.844999998807907,
       "samples": [
        1.8050000071525574,
        1.844999998807907
       ]
      },
      "relaxed, online": {
       "median": 1.148750003427267,
       "min": 1.1200000047683716,
       "max": 1.1775000020861626,
       "samples": [
        1.1200000047683716,
        1.1775000020861626
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {
      "relaxed": {
       "median": 0.8487499989569187,
       "min": 0.807499997317791,
       "max": 0.8900000005960464,
       "samples": [
        0.8900000005960464,
        0.807499997317791
       ]
      },
      "strict": {
       "median": 1.347500003874302,
       "min": 1.282499998807907,
       "max": 1.4125000089406967,
       "samples": [
        1.4125000089406967,
        1.282499998807907
       ]
      }
     }
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "relaxed": {
       "median": 2.510000005364418,
       "min": 2.4250000044703484,
       "max": 2.5950000062584877,
       "samples": [
        2.5950000062584877,
        2.4250000044703484
       ]
      },
      "strict": {
       "median": 2.6412499994039536,
       "min": 2.5799999982118607,
       "max": 2.7025000005960464,
       "samples": [
        2.7025000005960464,
        2.5799999982118607
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {},
     "gap": "failed: gave up after 150 s"
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "failed: page.evaluate: Target page, context or browser has been closed"
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "relaxed": {
       "median": 1.4275000020861626,
       "min": 1.2349999994039536,
       "max": 1.6200000047683716,
       "samples": [
        1.6200000047683716,
        1.2349999994039536
       ]
      },
      "relaxed, online": {
       "median": 1.3700000047683716,
       "min": 1.322500005364418,
       "max": 1.4175000041723251,
       "samples": [
        1.4175000041723251,
        1.322500005364418
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {},
     "gap": "failed: page.evaluate: Target page, context or browser has been closed"
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "y-indexeddb does not say when something is stored"
    },
    {
     "contender": "triplit",
     "measures": {
      "relaxed": {
       "median": 1.0225000008940697,
       "min": 0.869999997317791,
       "max": 1.1750000044703484,
       "samples": [
        0.869999997317791,
        1.1750000044703484
       ]
      },
      "relaxed, online": {
       "median": 0.8599999956786633,
       "min": 0.7999999970197678,
       "max": 0.9199999943375587,
       "samples": [
        0.9199999943375587,
        0.7999999970197678
       ]
      }
     }
    }
   ]
  },
  {
   "key": "e",
   "title": "update → live query callback has it (before durability)",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 0.3787500038743019,
       "min": 0.3525000065565109,
       "max": 0.4050000011920929,
       "samples": [
        0.4050000011920929,
        0.3525000065565109
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {
      "median": {
       "median": 1.152499996125698,
       "min": 1.1199999898672104,
       "max": 1.1850000023841858,
       "samples": [
        1.1850000023841858,
        1.1199999898672104
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "median": {
       "median": 2.4562499970197678,
       "min": 2.2150000035762787,
       "max": 2.697499990463257,
       "samples": [
        2.697499990463257,
        2.2150000035762787
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "median": {
       "median": 8.037500001490116,
       "min": 7.295000001788139,
       "max": 8.780000001192093,
       "samples": [
        8.780000001192093,
        7.295000001788139
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "failed: page.evaluate: Target page, context or browser has been closed"
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "median": {
       "median": 1.0800000056624413,
       "min": 1.0750000029802322,
       "max": 1.0850000083446503,
       "samples": [
        1.0750000029802322,
        1.0850000083446503
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {},
     "gap": "failed: page.evaluate: Target page, context or browser has been closed"
    },
    {
     "contender": "yjs",
     "measures": {
      "median": {
       "median": 29.471249997615814,
       "min": 27.03499999642372,
       "max": 31.907499998807907,
       "samples": [
        31.907499998807907,
        27.03499999642372
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "median": {
       "median": 21.807500008493662,
       "min": 21.72750000655651,
       "max": 21.887500010430813,
       "samples": [
        21.887500010430813,
        21.72750000655651
       ]
      }
     }
    }
   ]
  },
  {
   "key": "f",
   "title": "heap after the first result, everything resident",
   "unit": "MB",
   "better": "less",
   "targets": [
    {
     "measure": "heap",
     "says": "≤ 30",
     "bound": 30,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "heap": {
       "median": 19.600101000000002,
       "min": 19.594245,
       "max": 19.605957,
       "samples": [
        19.594245,
        19.605957
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {
      "heap": {
       "median": 23.919291,
       "min": 23.919239,
       "max": 23.919343,
       "samples": [
        23.919239,
        23.919343
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "heap": {
       "median": 0.1638710000000001,
       "min": 0.16151100000000018,
       "max": 0.16623100000000002,
       "samples": [
        0.16151100000000018,
        0.16623100000000002
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "heap": {
       "median": 0.9223080000000001,
       "min": 0.8428140000000002,
       "max": 1.001802,
       "samples": [
        0.8428140000000002,
        1.001802
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "failed: page.evaluate: Target page, context or browser has been closed"
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "heap": {
       "median": 67.093704,
       "min": 67.08784,
       "max": 67.09956799999999,
       "samples": [
        67.09956799999999,
        67.08784
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {},
     "gap": "failed: page.evaluate: Target page, context or browser has been closed"
    },
    {
     "contender": "yjs",
     "measures": {
      "heap": {
       "median": 182.181533,
       "min": 182.180925,
       "max": 182.182141,
       "samples": [
        182.182141,
        182.180925
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "heap": {
       "median": 48.282952,
       "min": 48.282868,
       "max": 48.283036,
       "samples": [
        48.282868,
        48.283036
       ]
      }
     }
    }
   ]
  },
  {
   "key": "g",
   "title": "bundle of what this takes, sync included, minified and gzipped",
   "unit": "kB",
   "better": "less",
   "targets": [
    {
     "measure": "size",
     "says": "≤ 20",
     "bound": 20,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "size": {
       "median": 51.713,
       "min": 51.713,
       "max": 51.713,
       "samples": [
        51.713,
        51.713
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "size": {
       "median": 31.343,
       "min": 31.343,
       "max": 31.343,
       "samples": [
        31.343,
        31.343
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "size": {
       "median": 87.989,
       "min": 87.989,
       "max": 87.989,
       "samples": [
        87.989,
        87.989
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "size": {
       "median": 23.624,
       "min": 23.624,
       "max": 23.624,
       "samples": [
        23.624,
        23.624
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "size": {
       "median": 74.252,
       "min": 74.252,
       "max": 74.252,
       "samples": [
        74.252,
        74.252
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "size": {
       "median": 54.438,
       "min": 54.438,
       "max": 54.438,
       "samples": [
        54.438,
        54.438
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "size": {
       "median": 31.451,
       "min": 31.451,
       "max": 31.451,
       "samples": [
        31.451,
        31.451
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "size": {
       "median": 70.552,
       "min": 70.552,
       "max": 70.552,
       "samples": [
        70.552,
        70.552
       ]
      }
     }
    }
   ]
  },
  {
   "key": "h",
   "title": "first sync to a fresh client, until it can be asked for and is stored",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "all",
     "says": "≥ 0.65 × the limit",
     "bound": 140451.43154808276,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "all": {
       "median": 109304.4191109037,
       "min": 89283.72134503054,
       "max": 129325.11687677687,
       "samples": [
        129325.11687677687,
        89283.72134503054
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "all": {
       "median": 6105.893970381545,
       "min": 5937.1757745448385,
       "max": 6274.612166218251,
       "samples": [
        5937.1757745448385,
        6274.612166218251
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "all": {
       "median": 216079.12545858888,
       "min": 198371.3710420891,
       "max": 233786.8798750887,
       "samples": [
        198371.3710420891,
        233786.8798750887
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "all": {
       "median": 1503.3101760602428,
       "min": 1477.1833157166652,
       "max": 1529.4370364038205,
       "samples": [
        1529.4370364038205,
        1477.1833157166652
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "failed: gave up after 150 s"
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {},
     "gap": "failed: gave up after 150 s"
    },
    {
     "contender": "yjs",
     "measures": {
      "all": {
       "median": 28464.27139533029,
       "min": 27650.852683237976,
       "max": 29277.6901074226,
       "samples": [
        27650.852683237976,
        29277.6901074226
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "all": {
       "median": 3551.7067117047673,
       "min": 3169.953406440035,
       "max": 3933.4600169695,
       "samples": [
        3169.953406440035,
        3933.4600169695
       ]
      }
     }
    }
   ]
  },
  {
   "key": "i",
   "title": "A updates → B’s live query has it, loopback, stored on both sides and the server",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 1.2 × bare SSE",
     "bound": 10.747631835937499,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 14.6749267578125,
       "min": 14.182373046875,
       "max": 15.16748046875,
       "samples": [
        14.182373046875,
        15.16748046875
       ]
      },
      "p95": {
       "median": 21.6175537109375,
       "min": 18.9150390625,
       "max": 24.320068359375,
       "samples": [
        18.9150390625,
        24.320068359375
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "median": {
       "median": 8.95635986328125,
       "min": 8.8402099609375,
       "max": 9.072509765625,
       "samples": [
        8.8402099609375,
        9.072509765625
       ]
      },
      "p95": {
       "median": 17.4375,
       "min": 16.72998046875,
       "max": 18.14501953125,
       "samples": [
        18.14501953125,
        16.72998046875
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "median": {
       "median": 5.85858154296875,
       "min": 5.0023193359375,
       "max": 6.71484375,
       "samples": [
        5.0023193359375,
        6.71484375
       ]
      },
      "p95": {
       "median": 12.2049560546875,
       "min": 10.4248046875,
       "max": 13.985107421875,
       "samples": [
        10.4248046875,
        13.985107421875
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "median": {
       "median": 20.3800048828125,
       "min": 20.059814453125,
       "max": 20.7001953125,
       "samples": [
        20.059814453125,
        20.7001953125
       ]
      },
      "p95": {
       "median": 33.4173583984375,
       "min": 31.02978515625,
       "max": 35.804931640625,
       "samples": [
        31.02978515625,
        35.804931640625
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "median": {
       "median": 19.87237548828125,
       "min": 15.77734375,
       "max": 23.9674072265625,
       "samples": [
        15.77734375,
        23.9674072265625
       ]
      },
      "p95": {
       "median": 163.8525390625,
       "min": 140.43994140625,
       "max": 187.26513671875,
       "samples": [
        140.43994140625,
        187.26513671875
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "median": {
       "median": 169.54620361328125,
       "min": 154.1923828125,
       "max": 184.9000244140625,
       "samples": [
        154.1923828125,
        184.9000244140625
       ]
      },
      "p95": {
       "median": 282.6199951171875,
       "min": 276.375,
       "max": 288.864990234375,
       "samples": [
        276.375,
        288.864990234375
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "median": {
       "median": 4.69873046875,
       "min": 4.327392578125,
       "max": 5.070068359375,
       "samples": [
        4.327392578125,
        5.070068359375
       ]
      },
      "p95": {
       "median": 8.182373046875,
       "min": 6.519775390625,
       "max": 9.844970703125,
       "samples": [
        6.519775390625,
        9.844970703125
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "median": {
       "median": 62.48236083984375,
       "min": 61.5748291015625,
       "max": 63.389892578125,
       "samples": [
        61.5748291015625,
        63.389892578125
       ]
      },
      "p95": {
       "median": 79.097412109375,
       "min": 76.764892578125,
       "max": 81.429931640625,
       "samples": [
        76.764892578125,
        81.429931640625
       ]
      }
     }
    }
   ]
  },
  {
   "key": "j",
   "title": "1,000 offline updates of distinct records, reconnect → B has all",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "all",
     "says": "≤ 100",
     "bound": 100,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "all": {
       "median": 978.510009765625,
       "min": 921.659912109375,
       "max": 1035.360107421875,
       "samples": [
        921.659912109375,
        1035.360107421875
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "all": {
       "median": 2717.29248046875,
       "min": 2399.125,
       "max": 3035.4599609375,
       "samples": [
        2399.125,
        3035.4599609375
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "all": {
       "median": 374.1851806640625,
       "min": 372.219970703125,
       "max": 376.150390625,
       "samples": [
        372.219970703125,
        376.150390625
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "all": {
       "median": 8029.22509765625,
       "min": 6809.425048828125,
       "max": 9249.025146484375,
       "samples": [
        9249.025146484375,
        6809.425048828125
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "all": {
       "median": 719.580078125,
       "min": 686.925048828125,
       "max": 752.235107421875,
       "samples": [
        752.235107421875,
        686.925048828125
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "all": {
       "median": 668.2750244140625,
       "min": 559.300048828125,
       "max": 777.25,
       "samples": [
        559.300048828125,
        777.25
       ]
      }
     }
    }
   ]
  },
  {
   "key": "k",
   "title": "writes accepted from 20 concurrent clients, durable",
   "unit": "writes/s",
   "better": "more",
   "targets": [
    {
     "measure": "accepted",
     "says": "≥ 2 × the bare handler",
     "bound": 4805.280176911291,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "accepted": {
       "median": 1791.9391033641778,
       "min": 1640.4113544528332,
       "max": 1943.4668522755223,
       "samples": [
        1943.4668522755223,
        1640.4113544528332
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {
      "accepted": {
       "median": 2402.6400884556456,
       "min": 1980.6660162747714,
       "max": 2824.61416063652,
       "samples": [
        2824.61416063652,
        1980.6660162747714
       ]
      }
     }
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "accepted": {
       "median": 2321.8314144802653,
       "min": 2044.9990210395463,
       "max": 2598.6638079209847,
       "samples": [
        2598.6638079209847,
        2044.9990210395463
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "accepted": {
       "median": 1124.6990751432159,
       "min": 1073.4685387847587,
       "max": 1175.9296115016732,
       "samples": [
        1073.4685387847587,
        1175.9296115016732
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "triplit",
     "measures": {},
     "gap": "only its client speaks its protocol"
    }
   ]
  },
  {
   "key": "l",
   "title": "bytes of body for a one-field update: up, and down to another client",
   "unit": "B",
   "better": "less",
   "targets": [
    {
     "measure": "up",
     "says": "≤ 250",
     "bound": 250,
     "met": true
    },
    {
     "measure": "down",
     "says": "≤ 200",
     "bound": 200,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "up": {
       "median": 247,
       "min": 247,
       "max": 247,
       "samples": [
        247,
        247
       ]
      },
      "down": {
       "median": 198,
       "min": 198,
       "max": 198,
       "samples": [
        198,
        198
       ]
      },
      "back to the writer": {
       "median": 393,
       "min": 393,
       "max": 393,
       "samples": [
        393,
        393
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "up": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46,
        46
       ]
      },
      "down": {
       "median": 54,
       "min": 54,
       "max": 54,
       "samples": [
        54,
        54
       ]
      },
      "back to the writer": {
       "median": 54,
       "min": 54,
       "max": 54,
       "samples": [
        54,
        54
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "up": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46,
        46
       ]
      },
      "down": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46,
        46
       ]
      },
      "back to the writer": {
       "median": 0,
       "min": 0,
       "max": 0,
       "samples": [
        0,
        0
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "up": {
       "median": 570,
       "min": 570,
       "max": 570,
       "samples": [
        570,
        570
       ]
      },
      "down": {
       "median": 309,
       "min": 309,
       "max": 309,
       "samples": [
        309,
        309
       ]
      },
      "back to the writer": {
       "median": 311,
       "min": 311,
       "max": 311,
       "samples": [
        311,
        311
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "up": {
       "median": 108,
       "min": 108,
       "max": 108,
       "samples": [
        108,
        108
       ]
      },
      "down": {
       "median": 132,
       "min": 132,
       "max": 132,
       "samples": [
        132,
        132
       ]
      },
      "back to the writer": {
       "median": 0,
       "min": 0,
       "max": 0,
       "samples": [
        0,
        0
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "up": {
       "median": 1000.5,
       "min": 1000.5,
       "max": 1000.5,
       "samples": [
        1000.5,
        1000.5
       ]
      },
      "down": {
       "median": 1397,
       "min": 1393.5,
       "max": 1400.5,
       "samples": [
        1400.5,
        1393.5
       ]
      },
      "back to the writer": {
       "median": 974.75,
       "min": 973.5,
       "max": 976,
       "samples": [
        973.5,
        976
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "up": {
       "median": 40.5,
       "min": 39,
       "max": 42,
       "samples": [
        42,
        39
       ]
      },
      "down": {
       "median": 40.5,
       "min": 39,
       "max": 42,
       "samples": [
        42,
        39
       ]
      },
      "back to the writer": {
       "median": 48.5,
       "min": 47,
       "max": 50,
       "samples": [
        50,
        47
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "up": {
       "median": 198,
       "min": 198,
       "max": 198,
       "samples": [
        198,
        198
       ]
      },
      "down": {
       "median": 508,
       "min": 508,
       "max": 508,
       "samples": [
        508,
        508
       ]
      },
      "back to the writer": {
       "median": 581,
       "min": 581,
       "max": 581,
       "samples": [
        581,
        581
       ]
      }
     }
    }
   ]
  },
  {
   "key": "m",
   "title": "idle live streams (5,000): memory of the server above empty; one change told to all",
   "unit": "MB, ms",
   "better": "less",
   "targets": [
    {
     "measure": "memory",
     "says": "≤ 150 MB",
     "bound": 150,
     "met": true
    },
    {
     "measure": "fan-out",
     "says": "≤ 500 ms",
     "bound": 500,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "memory": {
       "median": 127.07430400000001,
       "min": 126.48448,
       "max": 127.664128,
       "samples": [
        126.48448,
        127.664128
       ]
      },
      "fan-out": {
       "median": 278.08012150018476,
       "min": 267.132203000132,
       "max": 289.0280400002375,
       "samples": [
        289.0280400002375,
        267.132203000132
       ]
      },
      "heap per stream, kB": {
       "median": 12.980060799999999,
       "min": 12.952241599999999,
       "max": 13.007879999999998,
       "samples": [
        13.007879999999998,
        12.952241599999999
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "memory": {
       "median": 91.29164800000001,
       "min": 90.701824,
       "max": 91.881472,
       "samples": [
        90.701824,
        91.881472
       ]
      },
      "fan-out": {
       "median": 150.83054649992846,
       "min": 140.7086109998636,
       "max": 160.95248199999332,
       "samples": [
        140.7086109998636,
        160.95248199999332
       ]
      },
      "heap per stream, kB": {
       "median": 4.879805599999999,
       "min": 4.879087999999999,
       "max": 4.8805232,
       "samples": [
        4.8805232,
        4.879087999999999
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "memory": {
       "median": 44.736512000000005,
       "min": 43.425792,
       "max": 46.047232,
       "samples": [
        43.425792,
        46.047232
       ]
      },
      "fan-out": {
       "median": 109.02071650000289,
       "min": 100.66587800020352,
       "max": 117.37555499980226,
       "samples": [
        117.37555499980226,
        100.66587800020352
       ]
      },
      "heap per stream, kB": {
       "median": 2.8111056,
       "min": 2.7995056,
       "max": 2.8227056,
       "samples": [
        2.7995056,
        2.8227056
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "memory": {
       "median": 162.398208,
       "min": 160.5632,
       "max": 164.233216,
       "samples": [
        160.5632,
        164.233216
       ]
      },
      "fan-out": {
       "median": 343.3837840000633,
       "min": 310.7917160000652,
       "max": 375.9758520000614,
       "samples": [
        310.7917160000652,
        375.9758520000614
       ]
      },
      "heap per stream, kB": {
       "median": 18.625908000000003,
       "min": 18.625259200000002,
       "max": 18.6265568,
       "samples": [
        18.6265568,
        18.625259200000002
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {},
     "gap": "its feed has to be asked again after each change"
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "triplit",
     "measures": {},
     "gap": "only its client speaks its protocol"
    }
   ]
  },
  {
   "key": "n",
   "title": "rows b, c, e, i and l as the space grows, and i and l with the spaces on the server",
   "unit": "ms, B",
   "better": "less",
   "targets": [],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "b reload at 1,000": {
       "median": 21.492499999701977,
       "min": 9.040000006556511,
       "max": 33.94499999284744,
       "samples": [
        33.94499999284744,
        9.040000006556511
       ]
      },
      "c at 1,000": {
       "median": 0.0912499949336052,
       "min": 0.08249999582767487,
       "max": 0.09999999403953552,
       "samples": [
        0.08249999582767487,
        0.09999999403953552
       ]
      },
      "e at 1,000": {
       "median": 0.32124999910593033,
       "min": 0.3149999976158142,
       "max": 0.32750000059604645,
       "samples": [
        0.32750000059604645,
        0.3149999976158142
       ]
      },
      "i at 1,000": {
       "median": 16.101318359375,
       "min": 14.1900634765625,
       "max": 18.0125732421875,
       "samples": [
        18.0125732421875,
        14.1900634765625
       ]
      },
      "l up at 1,000": {
       "median": 247,
       "min": 247,
       "max": 247,
       "samples": [
        247,
        247
       ]
      },
      "l down at 1,000": {
       "median": 197.5,
       "min": 197.5,
       "max": 197.5,
       "samples": [
        197.5,
        197.5
       ]
      },
      "b reload at 10,000": {
       "median": 39.479999996721745,
       "min": 36.11499999463558,
       "max": 42.84499999880791,
       "samples": [
        42.84499999880791,
        36.11499999463558
       ]
      },
      "c at 10,000": {
       "median": 0.33249999955296516,
       "min": 0.33249999582767487,
       "max": 0.33250000327825546,
       "samples": [
        0.33249999582767487,
        0.33250000327825546
       ]
      },
      "e at 10,000": {
       "median": 0.36499999836087227,
       "min": 0.3500000014901161,
       "max": 0.3799999952316284,
       "samples": [
        0.3500000014901161,
        0.3799999952316284
       ]
      },
      "i at 10,000": {
       "median": 14.77874755859375,
       "min": 14.3074951171875,
       "max": 15.25,
       "samples": [
        14.3074951171875,
        15.25
       ]
      },
      "l up at 10,000": {
       "median": 248,
       "min": 248,
       "max": 248,
       "samples": [
        248,
        248
       ]
      },
      "l down at 10,000": {
       "median": 198,
       "min": 198,
       "max": 198,
       "samples": [
        198,
        198
       ]
      },
      "b reload at 100,000": {
       "median": 102.625,
       "min": 89.51500000059605,
       "max": 115.73499999940395,
       "samples": [
        115.73499999940395,
        89.51500000059605
       ]
      },
      "c at 100,000": {
       "median": 0.39374999701976776,
       "min": 0.38499999791383743,
       "max": 0.4024999961256981,
       "samples": [
        0.38499999791383743,
        0.4024999961256981
       ]
      },
      "e at 100,000": {
       "median": 0.369999997317791,
       "min": 0.35500000417232513,
       "max": 0.38499999046325684,
       "samples": [
        0.38499999046325684,
        0.35500000417232513
       ]
      },
      "i at 100,000": {
       "median": 15.4886474609375,
       "min": 14.2548828125,
       "max": 16.722412109375,
       "samples": [
        16.722412109375,
        14.2548828125
       ]
      },
      "l up at 100,000": {
       "median": 249,
       "min": 249,
       "max": 249,
       "samples": [
        249,
        249
       ]
      },
      "l down at 100,000": {
       "median": 199,
       "min": 199,
       "max": 199,
       "samples": [
        199,
        199
       ]
      },
      "b reload at 1,000,000": {
       "median": 1422.2450000047684,
       "min": 1414.5,
       "max": 1429.9900000095367,
       "samples": [
        1414.5,
        1429.9900000095367
       ]
      },
      "c at 1,000,000": {
       "median": 0.8874999992549419,
       "min": 0.8774999976158142,
       "max": 0.8975000008940697,
       "samples": [
        0.8975000008940697,
        0.8774999976158142
       ]
      },
      "e at 1,000,000": {
       "median": 0.38750000298023224,
       "min": 0.380000002682209,
       "max": 0.39500000327825546,
       "samples": [
        0.39500000327825546,
        0.380000002682209
       ]
      },
      "i at 1,000,000": {
       "median": 14.30499267578125,
       "min": 14.247314453125,
       "max": 14.3626708984375,
       "samples": [
        14.247314453125,
        14.3626708984375
       ]
      },
      "l up at 1,000,000": {
       "median": 250,
       "min": 250,
       "max": 250,
       "samples": [
        250,
        250
       ]
      },
      "l down at 1,000,000": {
       "median": 200.5,
       "min": 200,
       "max": 201,
       "samples": [
        200,
        201
       ]
      },
      "i with 10 spaces": {
       "median": 13.0811767578125,
       "min": 12.4998779296875,
       "max": 13.6624755859375,
       "samples": [
        13.6624755859375,
        12.4998779296875
       ]
      },
      "l up with 10 spaces": {
       "median": 247,
       "min": 247,
       "max": 247,
       "samples": [
        247,
        247
       ]
      },
      "l down with 10 spaces": {
       "median": 197.5,
       "min": 197,
       "max": 198,
       "samples": [
        197,
        198
       ]
      },
      "i with 100 spaces": {
       "median": 13.55877685546875,
       "min": 12.8800048828125,
       "max": 14.237548828125,
       "samples": [
        12.8800048828125,
        14.237548828125
       ]
      },
      "l up with 100 spaces": {
       "median": 247,
       "min": 247,
       "max": 247,
       "samples": [
        247,
        247
       ]
      },
      "l down with 100 spaces": {
       "median": 197.75,
       "min": 197.5,
       "max": 198,
       "samples": [
        198,
        197.5
       ]
      },
      "i with 1,000 spaces": {
       "median": 13.2210693359375,
       "min": 12.9097900390625,
       "max": 13.5323486328125,
       "samples": [
        12.9097900390625,
        13.5323486328125
       ]
      },
      "l up with 1,000 spaces": {
       "median": 247,
       "min": 247,
       "max": 247,
       "samples": [
        247,
        247
       ]
      },
      "l down with 1,000 spaces": {
       "median": 197.25,
       "min": 197,
       "max": 197.5,
       "samples": [
        197.5,
        197
       ]
      },
      "i with 10,000 spaces": {
       "median": 13.4573974609375,
       "min": 13.357421875,
       "max": 13.557373046875,
       "samples": [
        13.357421875,
        13.557373046875
       ]
      },
      "l up with 10,000 spaces": {
       "median": 247,
       "min": 247,
       "max": 247,
       "samples": [
        247,
        247
       ]
      },
      "l down with 10,000 spaces": {
       "median": 197.5,
       "min": 197,
       "max": 198,
       "samples": [
        197,
        198
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {},
     "gap": "not written yet"
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {},
     "gap": "not written yet"
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "triplit",
     "measures": {},
     "gap": "only its client speaks its protocol"
    }
   ]
  }
 ]
},
{
 "at": "2026-11-22T00:45:37.738Z",
 "command": "pnpm bench --only h --with holdfast,raw-packed,raw-rows --runs 3 --note Row h again, after the whole run",
 "commit": "e5c377b",
 "note": "Row h again, after the whole run",
 "quick": false,
 "records": 100000,
 "machine": {
  "cpu": "AMD EPYC",
  "cores": 2,
  "memoryGB": 24,
  "os": "linux 6.18.44-fc-v595",
  "node": "v24.21.0",
  "chromium": "Chromium 153.0.8010.0",
  "loadBefore": 0.41
 },
 "contenders": [
  {
   "name": "holdfast",
   "kind": "holdfast",
   "versions": {}
  },
  {
   "name": "raw-rows",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-packed",
   "kind": "limit",
   "versions": {}
  }
 ],
 "rows": [
  {
   "key": "h",
   "title": "first sync to a fresh client, until it can be asked for and is stored",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "all",
     "says": "≥ 0.65 × the limit",
     "bound": 216176.66621808495,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "all": {
       "median": 211438.84131381725,
       "min": 196172.67118127772,
       "max": 276636.65157902177,
       "samples": [
        196172.67118127772,
        211438.84131381725,
        276636.65157902177
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "all": {
       "median": 9661.639715514892,
       "min": 9362.870693606665,
       "max": 11022.842636786818,
       "samples": [
        9362.870693606665,
        9661.639715514892,
        11022.842636786818
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "all": {
       "median": 332579.48648936144,
       "min": 315059.8613825358,
       "max": 357493.9672969196,
       "samples": [
        332579.48648936144,
        315059.8613825358,
        357493.9672969196
       ]
      }
     }
    }
   ]
  }
 ]
}
]
